package icj.replica;

import icj.consensus.ConsensusStatus;
import icj.consensus.Refusal;
import icj.replica.loop.ConsensusLoop;
import icj.replica.loop.Stage;
import icj.replica.metrics.Metrics;
import icj.state.model.ReplicatedState;
import icj.state.store.RocksStateStore;

import java.util.Locale;

/// Shows where consensus and the state store stand.
final class NodeGauges {
    private static final int RANKS_SHOWN = 8;

    private final Metrics metrics;
    private final ConsensusLoop consensus;
    private final RocksStateStore<ReplicatedState> store;

    NodeGauges(Metrics metrics, ConsensusLoop consensus, RocksStateStore<ReplicatedState> store) {
        this.metrics = metrics;
        this.consensus = consensus;
        this.store = store;
    }

    void register() {
        for (Stage stage : Stage.values()) {
            String name = stage.name().toLowerCase(Locale.ROOT);
            metrics.gauge(
                    "ic_height",
                    "The highest height by stage",
                    () -> stage.in(consensus.status()).value(),
                    "stage",
                    name);
            metrics.gauge(
                    "ic_height_age_seconds",
                    "Seconds since the highest height of the stage rose",
                    () -> consensus.secondsSince(stage),
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
                    () -> consensus.status().refusals().getOrDefault(refusal, 0L),
                    "reason",
                    refusal.name().toLowerCase(Locale.ROOT));
        }
        metrics.gauge(
                "ic_silent",
                "1 while the node follows without voting, its disk having been empty",
                () -> consensus.status().silent() ? 1 : 0);
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
        ConsensusStatus now = consensus.status();
        return rank < now.roundsByRank().size() ? now.roundsByRank().get(rank) : 0;
    }
}
