package icj.consensus.rule;

import icj.consensus.Effect;
import icj.consensus.Now;
import icj.types.NodeId;
import icj.types.artifact.Artifact;

import java.util.ArrayList;
import java.util.List;

/// One step as the rules see it: the clocks, what is to be done, and when to look again.
public final class Turn {
    private final Now now;
    private final List<Effect> effects = new ArrayList<>();
    private long wakeNanos = Long.MAX_VALUE;
    private boolean allDurable;

    /// A step at this moment.
    public Turn(Now now) {
        this.now = now;
    }

    /// The monotonic clock.
    public long nanos() {
        return now.monotonicNanos();
    }

    /// The wall clock.
    public long wallNanos() {
        return now.wallNanos();
    }

    /// Whether this moment has come; if not, the core is woken then.
    public boolean reached(long monotonicNanos) {
        if (now.monotonicNanos() >= monotonicNanos) {
            return true;
        }
        wakeNanos = Math.min(wakeNanos, monotonicNanos);
        return false;
    }

    /// Wants this done after the journal write of the turn.
    public void effect(Effect effect) {
        effects.add(effect);
    }

    /// Sends to all other members.
    public void broadcast(Artifact artifact) {
        effects.add(new Effect.Broadcast(artifact));
    }

    /// Sends to one member.
    public void send(NodeId to, Artifact artifact) {
        effects.add(new Effect.Send(to, artifact));
    }

    /// Wants all that was written so far durable before the effects of this turn.
    public void needAllDurable() {
        allDurable = true;
    }

    /// Whether [#needAllDurable] was called.
    public boolean needsAllDurable() {
        return allDurable;
    }

    /// All that is to be done.
    public List<Effect> effects() {
        return effects;
    }

    /// The earliest moment that a rule waits for.
    public long wakeNanos() {
        return wakeNanos;
    }

    /// Forgets the moments: the rules are about to run again and say them anew.
    public void forgetWakeUp() {
        wakeNanos = Long.MAX_VALUE;
    }
}
