package icj.execution;

import icj.execution.canister.CanisterDraft;
import icj.execution.management.ManagementCanister;
import icj.execution.message.MessageRunner;
import icj.execution.message.Round;
import icj.execution.wasm.SystemMethod;
import icj.state.model.CanisterMessage;
import icj.state.model.PageMap;
import icj.state.tree.SortedTrie;
import icj.types.CanisterId;
import icj.types.registry.SubnetLimits;

import org.jspecify.annotations.Nullable;

import java.util.TreeSet;

/// Lets canisters run in turns: in each sweep every canister that has something to run gets one
/// turn, in the order of their ids and beginning above the one that was served last, in this round
/// or an earlier one. So nobody waits for more than one turn of each other canister, whatever a
/// canister asks for.
///
/// No message is started once the round's budget is used (R-C3); a message that runs is not cut.
final class Scheduler {
    /// Messages that a canister runs in one turn.
    private static final int TURN_MESSAGES_MAX = 16;

    /// Instructions after which a turn ends.
    private static final long TURN_INSTRUCTIONS = 20_000_000;

    /// About how many instructions take as long as starting a message.
    private static final long MESSAGE_WORK = 50_000;

    private final MessageRunner runner;
    private final ManagementCanister management;

    Scheduler(MessageRunner runner, ManagementCanister management) {
        this.runner = runner;
        this.management = management;
    }

    /// Runs what waits.
    ///
    /// @return the canister that was served last
    CanisterId run(Round round) {
        CanisterId last = round.before().system().lastServed();
        TreeSet<CanisterId> beating = new TreeSet<>();
        for (SortedTrie.Entry<CanisterId> entry : round.before().agenda().beating()) {
            beating.add(entry.value());
        }
        int managed = 0;
        while (!isSpent(round)) {
            CanisterId next = after(last, round.ready(), beating);
            // The management canister takes its turns too, so that a flood of calls to it leaves
            // canisters room.
            if (managed < TURN_MESSAGES_MAX || next == null) {
                CanisterMessage call = round.nextManagementCall();
                if (call != null) {
                    management.execute(round, call);
                    managed++;
                    continue;
                }
            }
            managed = 0;
            if (next == null) {
                break;
            }
            turn(round, next, beating.remove(next));
            last = next;
        }
        return last;
    }

    private boolean isSpent(Round round) {
        SubnetLimits limits = round.settings().limits();
        return round.instructions() >= limits.instructionsPerRound()
                || round.dirtyPages() * PageMap.PAGE_BYTES >= limits.dirtyBytesPerRound();
    }

    /// The first canister above `last` in either set, else the first of all, or null.
    private static @Nullable CanisterId after(
            CanisterId last, TreeSet<CanisterId> ready, TreeSet<CanisterId> beating) {
        CanisterId higher = lower(ready.higher(last), beating.higher(last));
        if (higher != null) {
            return higher;
        }
        return lower(
                ready.isEmpty() ? null : ready.first(), beating.isEmpty() ? null : beating.first());
    }

    private static @Nullable CanisterId lower(@Nullable CanisterId a, @Nullable CanisterId b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.compareTo(b) <= 0 ? a : b;
    }

    private void turn(Round round, CanisterId id, boolean beats) {
        CanisterDraft canister = round.canister(id);
        if (canister == null) {
            round.ready().remove(id);
            return;
        }
        long start = round.instructions();
        if (beats) {
            round.worked(MESSAGE_WORK);
            runner.task(round, canister, SystemMethod.HEARTBEAT);
        }
        for (int i = 0; i < TURN_MESSAGES_MAX && !canister.isIdle(); i++) {
            if (i > 0 && (isSpent(round) || round.instructions() - start >= TURN_INSTRUCTIONS)) {
                break;
            }
            round.worked(MESSAGE_WORK);
            runner.runNext(round, canister);
        }
        if (canister.isIdle()) {
            round.ready().remove(id);
        }
    }
}
