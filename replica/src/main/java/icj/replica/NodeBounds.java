package icj.replica;

import icj.consensus.Limits;
import icj.execution.wasm.WasmRuntime;
import icj.replica.loop.ConsensusLoop;
import icj.replica.loop.SnapshotBoard;
import icj.replica.metrics.Metrics;
import icj.state.model.ReplicatedState;
import icj.state.store.RocksStateStore;
import icj.types.Quorum;
import icj.types.registry.SubnetLimits;
import icj.types.registry.SubnetRecord;

import java.io.File;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// Shows what a node keeps and what bounds it, for all that does not show itself: the pool of
/// consensus, the state, caches, files. docs/LIMITS.md says why each bound is what it is.
final class NodeBounds {
    /// Shares of notarization that one signer may have at one height beside one each of
    /// finalization, beacon, tape and certification.
    private static final int OTHER_SHARES = 4;

    /// Files of a store that are not the chain: what is not yet merged, and indexes.
    private static final double JOURNAL_OVERHEAD = 2;

    private final Metrics metrics;
    private final ConsensusLoop consensus;
    private final RocksStateStore<ReplicatedState> store;
    private final SnapshotBoard board;
    private final WasmRuntime runtime;
    private final SubnetRecord subnet;
    private final NodeConfig config;

    NodeBounds(
            Metrics metrics,
            ConsensusLoop consensus,
            RocksStateStore<ReplicatedState> store,
            SnapshotBoard board,
            WasmRuntime runtime,
            SubnetRecord subnet,
            NodeConfig config) {
        this.metrics = metrics;
        this.consensus = consensus;
        this.store = store;
        this.board = board;
        this.runtime = runtime;
        this.subnet = subnet;
        this.config = config;
    }

    void register() {
        pool();
        state();
        for (WasmRuntime.Kept kept : runtime.kept()) {
            String what = kept.what().name().toLowerCase(Locale.ROOT);
            metrics.bounded(
                    "ic_wasm_" + what,
                    "What the Wasm engine keeps between messages",
                    () -> runtime.kept().get(kept.what().ordinal()).amount(),
                    kept.bound());
        }
        files("log", config.log(), NodeLog.BYTES_MAX);
        files("journal", config.journal(), JOURNAL_OVERHEAD * Limits.STANDARD.keepBytesMax());
    }

    private void pool() {
        Limits limits = Limits.STANDARD;
        Quorum quorum = subnet.quorum();
        int heights = limits.openHeightsMax();
        metrics.bounded(
                "ic_pool_heights",
                "Heights in memory",
                () -> consensus.status().poolHeights(),
                heights);
        metrics.bounded(
                "ic_pool_blocks",
                "Blocks in memory",
                () -> consensus.status().poolBlocks(),
                // Two of each maker, and the one that is notarized.
                heights * (2.0 * quorum.nodes() + 1));
        metrics.bounded(
                "ic_pool_shares",
                "Shares in memory",
                () -> consensus.status().poolShares(),
                heights * (2.0 * quorum.low() + OTHER_SHARES) * quorum.nodes());
        metrics.bounded(
                "ic_journal_bytes",
                "Bytes of the chain on disk",
                () -> consensus.status().journalBytes(),
                limits.keepBytesMax());
    }

    private void state() {
        icj.state.store.Limits limits = icj.state.store.Limits.STANDARD;
        SubnetLimits agreed = subnet.limits();
        metrics.bounded(
                "ic_state_dirty_bytes",
                "Changed bytes not yet on disk",
                store::dirtyBytes,
                // Execution pauses above the one, having added at most the other.
                limits.dirtyBytesMax() + (double) agreed.dirtyBytesPerRound());
        metrics.bounded(
                "ic_state_cached_bytes",
                "Pages in memory that are on disk too",
                store::cachedBytes,
                limits.pageCacheBytes());
        newest(
                "ic_state_canisters",
                "Canisters",
                state -> state.canisters().size(),
                agreed.canistersMax());
        newest(
                "ic_state_memory_bytes",
                "Bytes that canisters take and pay for",
                state -> state.agenda().memoryUsage(),
                agreed.subnetBytesMax());
        newest(
                "ic_ingress_history_entries",
                "Update calls whose status is known",
                state -> state.ingress().size(),
                agreed.historyEntriesMax());
        newest(
                "ic_ingress_history_bytes",
                "Bytes of the answers of these calls",
                ReplicatedState::ingressBytes,
                agreed.historyBytesMax());
    }

    private void newest(
            String name, String help, ToDoubleFunction<ReplicatedState> figure, double bound) {
        metrics.bounded(
                name,
                help,
                () -> {
                    SnapshotBoard.Executed newest = board.newest();
                    return newest == null ? 0 : figure.applyAsDouble(newest.state());
                },
                bound);
    }

    /// The files that lie in one folder.
    private void files(String part, Path folder, double bound) {
        metrics.bounded(
                "ic_disk_bytes",
                "Bytes of the files of a part",
                () -> {
                    long sum = 0;
                    File[] files = folder.toFile().listFiles();
                    for (File file : files == null ? new File[0] : files) {
                        sum += file.length();
                    }
                    return sum;
                },
                bound,
                "part",
                part);
    }
}
