package icj.replica;

import icj.consensus.ConsensusStatus;
import icj.consensus.Refusal;
import icj.replica.metrics.Metrics;
import icj.state.model.ReplicatedState;
import icj.state.store.RocksStateStore;
import icj.types.Height;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/// Shows where consensus and the state store stand.
final class NodeGauges {
    /// The heights that are shown.
    private enum Mark {
        NOTARIZED(ConsensusStatus::notarized),
        FINALIZED(ConsensusStatus::finalized),
        EXECUTED(ConsensusStatus::executed),
        CERTIFIED(ConsensusStatus::certified),
        BEACON(ConsensusStatus::beacon);

        private final Function<ConsensusStatus, Height> height;

        Mark(Function<ConsensusStatus, Height> height) {
            this.height = height;
        }
    }

    /// When a height was first seen to stand where it stands.
    private record Since(Height height, long nanos) {}

    private static final int RANKS_SHOWN = 8;

    private final Metrics metrics;
    private final Supplier<ConsensusStatus> status;
    private final RocksStateStore<ReplicatedState> store;
    private final Map<Mark, Since> since = new EnumMap<>(Mark.class);

    NodeGauges(
            Metrics metrics,
            Supplier<ConsensusStatus> status,
            RocksStateStore<ReplicatedState> store) {
        this.metrics = metrics;
        this.status = status;
        this.store = store;
    }

    void register() {
        for (Mark mark : Mark.values()) {
            String name = mark.name().toLowerCase(Locale.ROOT);
            metrics.gauge(
                    "ic_height",
                    "The highest height by stage",
                    () -> mark.height.apply(status.get()).value(),
                    "stage",
                    name);
            metrics.gauge(
                    "ic_height_age_seconds",
                    "Seconds since the height of the stage last rose, as far as metrics were read",
                    () -> age(mark),
                    "stage",
                    name);
        }
        for (int rank = 0; rank < RANKS_SHOWN; rank++) {
            int shown = rank;
            metrics.gauge(
                    "ic_rounds_by_rank",
                    "Final blocks since the start by rank of their maker",
                    () -> rounds(shown),
                    "rank",
                    Integer.toString(rank));
        }
        for (Refusal refusal : Refusal.values()) {
            metrics.gauge(
                    "ic_artifacts_refused",
                    "Artifacts of peers not taken since the start, by reason",
                    () -> status.get().refusals().getOrDefault(refusal, 0L),
                    "reason",
                    refusal.name().toLowerCase(Locale.ROOT));
        }
        metrics.gauge("ic_pool_blocks", "Blocks in memory", () -> status.get().poolBlocks());
        metrics.gauge("ic_pool_shares", "Shares in memory", () -> status.get().poolShares());
        metrics.gauge("ic_pool_heights", "Heights in memory", () -> status.get().poolHeights());
        metrics.gauge(
                "ic_journal_bytes",
                "Bytes of the chain on disk",
                () -> status.get().journalBytes());
        metrics.gauge("ic_state_dirty_bytes", "Changed bytes not yet on disk", store::dirtyBytes);
        metrics.gauge(
                "ic_state_written_pages",
                "Pages written since the start",
                () -> store.statistics().pages());
        metrics.gauge(
                "ic_state_flushes", "Flushes since the start", () -> store.statistics().flushes());
        Runtime runtime = Runtime.getRuntime();
        metrics.gauge(
                "ic_heap_used_bytes",
                "Bytes of the Java heap in use",
                () -> runtime.totalMemory() - runtime.freeMemory());
    }

    private double rounds(int rank) {
        ConsensusStatus now = status.get();
        return rank < now.roundsByRank().size() ? now.roundsByRank().get(rank) : 0;
    }

    private synchronized double age(Mark mark) {
        Height height = mark.height.apply(status.get());
        long now = System.nanoTime();
        Since before = since.get(mark);
        if (before == null || !before.height().equals(height)) {
            since.put(mark, new Since(height, now));
            return 0;
        }
        return (now - before.nanos()) / 1e9;
    }
}
