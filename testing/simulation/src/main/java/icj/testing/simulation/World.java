package icj.testing.simulation;

import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/// Virtual time: what happens next, in the order of (time, order of scheduling).
final class World {
    private static final long EVENTS_MAX = 20_000_000;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nanos = 1_000_000_000;
    private long scheduled;
    private long happened;

    private record Event(long at, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /// Now, in nanoseconds.
    long nanos() {
        return nanos;
    }

    /// How many events happened.
    long happened() {
        return happened;
    }

    /// Lets something happen after a while.
    void after(long delayNanos, Runnable action) {
        events.add(new Event(nanos + Math.max(0, delayNanos), scheduled++, action));
    }

    /// Lets things happen until the condition holds, or until the deadline; says whether it holds.
    boolean runUntil(long deadlineNanos, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Event next = events.peek();
            if (next == null || next.at > deadlineNanos) {
                nanos = Math.max(nanos, deadlineNanos);
                return false;
            }
            events.poll();
            nanos = next.at;
            if (++happened > EVENTS_MAX) {
                throw new Broken("More than " + EVENTS_MAX + " events: the world melts down");
            }
            next.action.run();
        }
        return true;
    }
}
