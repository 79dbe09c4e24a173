package icj.execution.message;

import icj.execution.canister.CanisterDraft;
import icj.state.model.Answer;
import icj.state.model.CallContext;
import icj.state.model.CanisterHistory;
import icj.state.model.CanisterMemory;
import icj.state.model.ChunkStore;
import icj.state.model.MemoryKind;
import icj.types.Blob;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;

/// Takes the code out of canisters (interface specification, "uninstall_code"): when a controller
/// wants it, or when the cycles have run out.
public final class Uninstallation {
    private Uninstallation() {}

    /// Takes all that costs cycles from a canister that has none left: code, memories, chunks and
    /// what it reserved. Its history stays.
    static void outOfCycles(Round round, CanisterDraft canister) {
        if (canister.module() != null || canister.chunks().bytes() > 0) {
            run(round, canister, null);
        }
        long before = Math.max(canister.memoryUsage(), canister.settings().memoryAllocation());
        canister.settings(canister.settings().withoutAllocations());
        round.take(canister.memoryUsage() - before);
    }

    /// Takes the code out: memories go, open contexts are rejected, later responses only refund.
    ///
    /// @param origin who asked for it, or null when the cycles ran out
    public static void run(
            Round round, CanisterDraft canister, CanisterHistory.@Nullable Origin origin) {
        // What waits in the queues is rejected when its turn comes: there is no module then.
        long before = canister.memoryUsage();
        canister.module(null, 0);
        canister.memory(CanisterMemory.empty(MemoryKind.HEAP));
        canister.chunks(ChunkStore.EMPTY);
        canister.certifiedData(Blob.EMPTY);
        canister.globalTimer(0);
        canister.timerDue(false);
        canister.lowMemoryDue(false);
        canister.log(canister.log().purged());
        canister.raiseVersion();
        if (origin != null) {
            canister.record(
                    new CanisterHistory.Change(
                            round.now(),
                            canister.version(),
                            origin,
                            new CanisterHistory.Details.CodeUninstall()));
        }
        round.take(canister.memoryUsage() - before);
        for (CallContext context : new ArrayList<>(canister.contexts())) {
            if (!context.answered()) {
                round.answer(
                        context.origin(),
                        canister.id(),
                        new Answer.Reject(4, "Canister has been uninstalled.", "IC0406"),
                        context.cycles());
            }
            canister.context(context.asDeleted());
        }
    }
}
