package icj.execution.management;

import icj.execution.canister.CanisterDraft;
import icj.execution.message.Rejects;
import icj.execution.message.Round;
import icj.state.model.Lifecycle;
import icj.types.CanisterId;

import java.util.ArrayList;
import java.util.List;

/// Starting, stopping and deleting canisters.
public final class CanisterLifecycle {
    private CanisterLifecycle() {}

    /// Makes the canister run; calls that wait for its stop are rejected.
    static void start(Round round, CanisterDraft canister) {
        Lifecycle before = canister.lifecycle();
        if (before.isRunning()) {
            return;
        }
        canister.lifecycle(new Lifecycle.Running());
        canister.raiseVersion();
        if (before instanceof Lifecycle.Stopping(List<Lifecycle.StopCall> waiting)) {
            for (Lifecycle.StopCall call : waiting) {
                round.answer(
                        call.origin(),
                        CanisterId.MANAGEMENT,
                        Rejects.of(
                                511,
                                "Canister "
                                        + canister.id()
                                        + " was started again while it was stopping"),
                        call.cycles());
            }
        }
    }

    /// Lets the canister stop.
    ///
    /// @return whether it has; otherwise the call is answered once it has
    static boolean stop(Round round, Caller caller, CanisterDraft canister) {
        Lifecycle.StopCall call =
                new Lifecycle.StopCall(caller.origin(), caller.cycles(), round.now());
        switch (canister.lifecycle()) {
            case Lifecycle.Stopped() -> {
                return true;
            }
            case Lifecycle.Running() -> {
                canister.lifecycle(new Lifecycle.Stopping(List.of(call)));
                canister.raiseVersion();
            }
            case Lifecycle.Stopping(List<Lifecycle.StopCall> waiting) -> {
                List<Lifecycle.StopCall> more = new ArrayList<>(waiting);
                more.add(call);
                canister.lifecycle(new Lifecycle.Stopping(more));
            }
        }
        round.processing(caller.origin());
        round.settle(canister);
        return false;
    }

    /// Answers the stop calls that waited too long.
    public static void endStopCalls(Round round, CanisterDraft canister) {
        if (!(canister.lifecycle()
                instanceof Lifecycle.Stopping(List<Lifecycle.StopCall> waiting))) {
            return;
        }
        List<Lifecycle.StopCall> left = new ArrayList<>();
        for (Lifecycle.StopCall call : waiting) {
            if (call.since() + Lifecycle.STOP_TIMEOUT_NANOS > round.now()) {
                left.add(call);
                continue;
            }
            round.answer(
                    call.origin(),
                    CanisterId.MANAGEMENT,
                    Rejects.of(206, "The stop call timed out; the canister is still stopping"),
                    call.cycles());
        }
        if (left.size() != waiting.size()) {
            canister.lifecycle(new Lifecycle.Stopping(left));
        }
    }

    /// Removes a stopped canister for good.
    static void delete(Round round, Caller caller, CanisterDraft canister) throws RejectedCall {
        if (caller.principal().equals(canister.id().principal())) {
            throw new RejectedCall(406, "A canister cannot delete itself");
        }
        if (!(canister.lifecycle() instanceof Lifecycle.Stopped)) {
            throw new RejectedCall(
                    510, "Canister " + canister.id() + " must be stopped before it is deleted");
        }
        if (canister.hasMessages()) {
            throw new RejectedCall(
                    203, "Canister " + canister.id() + " has messages in its queues");
        }
        round.take(-Math.max(canister.memoryUsage(), canister.settings().memoryAllocation()));
        round.consumed(canister.balance());
        round.delete(canister);
    }
}
