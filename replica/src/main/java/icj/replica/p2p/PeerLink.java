package icj.replica.p2p;

import icj.types.NodeId;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// One standing connection: its queue of messages to send, bounded in bytes, and its allowance of
/// messages to receive. [#send] may be called on any thread; the rest belongs to the event loop.
final class PeerLink {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    final NodeId peer;
    final Channel channel;
    private final PeerLimits limits;
    private final ConcurrentLinkedQueue<PeerFrame> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicBoolean draining = new AtomicBoolean();

    private double allowance;
    private long allowanceNanos;
    private boolean paused;
    private boolean throttled;
    private long throttledUntilNanos;
    long lastReceivedNanos;
    private long lastSentNanos;

    /// Why the connection was closed from our side, for the counters.
    @Nullable String closeReason;

    PeerLink(NodeId peer, Channel channel, PeerLimits limits, long nowNanos) {
        this.peer = peer;
        this.channel = channel;
        this.limits = limits;
        allowance = limits.costBurstMax();
        allowanceNanos = nowNanos;
        lastReceivedNanos = nowNanos;
        lastSentNanos = nowNanos;
    }

    long queuedBytes() {
        return queuedBytes.get();
    }

    /// Queues the frame and has the queue written.
    ///
    /// @return false when the frame was dropped, since the queue is full
    boolean send(PeerFrame frame, boolean droppable) {
        boolean queued = queue(frame, droppable);
        if (queued) {
            flush();
        }
        return queued;
    }

    /// Queues the frame until [#flush].
    ///
    /// @return false when the frame was dropped, since the queue is full
    boolean queue(PeerFrame frame, boolean droppable) {
        long size = frame.wireBytes();
        long bound = droppable ? limits.droppableBytesMax() : limits.queueBytesMax();
        if (queuedBytes.addAndGet(size) > bound) {
            queuedBytes.addAndGet(-size);
            if (!droppable) {
                channel.eventLoop().execute(() -> close("slow"));
            }
            return false;
        }
        queue.add(frame);
        return true;
    }

    /// Has the queue written, if there is anything in it.
    void flush() {
        if (!queue.isEmpty() && draining.compareAndSet(false, true)) {
            channel.eventLoop().execute(this::drain);
        }
    }

    /// Writes queued messages while the socket takes them; the handler calls again when it does.
    void drain() {
        boolean wrote = false;
        while (channel.isWritable()) {
            PeerFrame frame = queue.poll();
            if (frame == null) {
                break;
            }
            ByteBuf header = channel.alloc().buffer(PeerFrame.HEADER_BYTES);
            header.writeInt(1 + frame.payload().length()).writeByte(frame.kind().code());
            if (frame.payload().length() == 0) {
                var _ = channel.write(header);
            } else {
                ByteBuf payload = Unpooled.wrappedBuffer(frame.payload().shared());
                var _ = channel.write(Unpooled.wrappedBuffer(header, payload));
            }
            queuedBytes.addAndGet(-frame.wireBytes());
            wrote = true;
        }
        if (wrote) {
            lastSentNanos = System.nanoTime();
            channel.flush();
        }
        draining.set(false);
        if (!queue.isEmpty()
                && channel.isWritable()
                && channel.isActive()
                && draining.compareAndSet(false, true)) {
            channel.eventLoop().execute(this::drain);
        }
    }

    /// Takes a message's cost from the peer's allowance.
    ///
    /// @return how many nanoseconds to read nothing of this peer, 0 for none
    long spend(int cost, long nowNanos) {
        double earned =
                (nowNanos - allowanceNanos) * (double) limits.costPerSecondMax() / NANOS_PER_SECOND;
        allowance = Math.min(limits.costBurstMax(), allowance + earned) - cost;
        allowanceNanos = nowNanos;
        if (allowance >= 0) {
            return 0;
        }
        return (long) (-allowance * NANOS_PER_SECOND / limits.costPerSecondMax());
    }

    /// Stops or resumes reading at the wish of the node.
    void pause(boolean wish) {
        paused = wish;
        applyReading();
    }

    /// Stops reading until then for the sake of the allowance.
    ///
    /// @return false when it had stopped already, be it for a shorter time
    boolean throttle(long untilNanos) {
        throttledUntilNanos = untilNanos;
        if (throttled) {
            return false;
        }
        throttled = true;
        applyReading();
        return true;
    }

    /// Reads again if the time has come.
    ///
    /// @return how many nanoseconds are left, 0 for none
    long endThrottle(long nowNanos) {
        long left = throttledUntilNanos - nowNanos;
        if (left > 0) {
            return left;
        }
        throttled = false;
        applyReading();
        return 0;
    }

    boolean isHeldBack() {
        return paused || throttled;
    }

    private void applyReading() {
        channel.config().setAutoRead(!paused && !throttled);
    }

    /// Sends a ping when nothing was sent for long; closes when nothing was received for long while
    /// we were reading.
    void tick(long nowNanos, PeerFrame ping) {
        if (isHeldBack()) {
            lastReceivedNanos = nowNanos;
        }
        if (nowNanos - lastReceivedNanos > limits.silentMillisMax() * 1_000_000L) {
            close("silent");
        } else if (nowNanos - lastSentNanos > limits.pingMillis() * 1_000_000L) {
            send(ping, true);
        }
    }

    void close(String reason) {
        if (closeReason == null) {
            closeReason = reason;
        }
        var _ = channel.close();
    }
}
