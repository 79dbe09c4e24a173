package icj.replica.record;

import icj.execution.BatchExecutor;
import icj.execution.CertifiedTree;
import icj.execution.ExecutedBatch;
import icj.execution.canister.SubnetSettings;
import icj.execution.wasm.WasmRuntime;
import icj.state.model.ReplicatedState;
import icj.types.ConsensusTime;
import icj.types.Digest;
import icj.types.SubnetId;
import icj.types.message.Batch;
import icj.types.registry.Registry;

import java.util.ArrayList;
import java.util.List;

/// Executes recorded batches from genesis on and compares the roots.
public final class Replay {
    private final BatchExecutor executor;
    private final CertifiedTree trees;
    private final List<Seen> seen = new ArrayList<>();
    private ReplicatedState state;
    private long messages;
    private long trapped;
    private long updates;
    private long instructions;

    private record Seen(Digest stateRoot, Digest treeRoot) {}

    /// Starts from the genesis state of a subnet.
    public Replay(Registry registry, SubnetId subnet, WasmRuntime runtime) {
        SubnetSettings settings = SubnetSettings.of(registry, subnet);
        executor = new BatchExecutor(runtime, settings);
        trees = new CertifiedTree(registry, subnet);
        state =
                ReplicatedState.genesis(
                        subnet,
                        new ConsensusTime(registry.genesisTimeNanos()),
                        settings.firstCanister());
    }

    /// Executes the entry's batch and says how its roots differ, one sentence for each. An entry of
    /// a height that was executed already, by a node that started again, is compared with what came
    /// of it the first time.
    ///
    /// @throws IllegalArgumentException when a height is missing
    public List<String> take(BatchEntry entry) {
        Batch batch = entry.batch();
        long height = batch.height().value();
        if (height > seen.size() + 1L) {
            throw new IllegalArgumentException(
                    "The record goes from height " + seen.size() + " to " + height);
        }
        if (height <= seen.size()) {
            Seen first = seen.get((int) height - 1);
            boolean same =
                    first.stateRoot.equals(entry.stateRoot())
                            && first.treeRoot.equals(entry.treeRoot());
            return same
                    ? List.of()
                    : List.of(
                            height
                                    + " "
                                    + entry.stateRoot()
                                    + ": recorded twice, with other roots");
        }
        ReplicatedState before = state;
        ExecutedBatch executed = executor.execute(before, batch);
        state = executed.after();
        count(executed.stats());
        BatchEntry ours = BatchEntry.of(before, batch, state, trees.of(state).digest());
        seen.add(new Seen(entry.stateRoot(), entry.treeRoot()));
        return differences(entry, ours);
    }

    private static List<String> differences(BatchEntry recorded, BatchEntry ours) {
        List<String> found = new ArrayList<>();
        String height = recorded.batch().height().toString();
        if (!ours.stateRoot().equals(recorded.stateRoot())) {
            String where =
                    ours.firstDifference(recorded)
                            .map(id -> "first differs canister " + id)
                            .orElse("no canister differs, but the subnet's part or its calls");
            found.add(
                    "%s %s: the state root is %s; %s"
                            .formatted(height, recorded.stateRoot(), ours.stateRoot(), where));
        }
        if (!ours.treeRoot().equals(recorded.treeRoot())) {
            found.add(
                    "%s %s: the root of the certified tree is %s"
                            .formatted(height, recorded.treeRoot(), ours.treeRoot()));
        }
        return found;
    }

    private void count(ExecutedBatch.Stats stats) {
        messages += stats.messages();
        trapped += stats.trapped();
        updates += stats.inducted();
        instructions += stats.instructions();
    }

    /// How many heights were executed.
    public int heights() {
        return seen.size();
    }

    /// What was executed, in one line.
    public String summary() {
        return "%d updates, %d messages, %d traps, %d instructions, %d canisters"
                .formatted(updates, messages, trapped, instructions, state.canisters().size());
    }
}
