package icj.replica.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import icj.consensus.Effect;
import icj.replica.metrics.Metrics;
import icj.replica.metrics.Phases;
import icj.types.Blob;
import icj.types.registry.SubnetLimits;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// Our own broken promises end the process, each in its way.
final class FailuresTest {
    private final List<String> said = new ArrayList<>();
    private final Fatal fatal =
            new Fatal() {
                @Override
                public void end(String sentence, Throwable cause) {
                    said.add("ended: " + sentence + ": " + cause.getMessage());
                }

                @Override
                public void halt(String sentence) {
                    said.add("halted: " + sentence);
                }
            };

    @Test
    void whatFailsOnAWorkerEndsTheProcessUnlessTheNodeEndsAnyway() {
        GuardedExecutor workers = new GuardedExecutor(Runnable::run, "The check", fatal);
        workers.execute(() -> said.add("worked"));
        workers.execute(() -> {
            throw new IllegalStateException("a broken promise");
        });
        workers.execute(() -> {
            throw new StackOverflowError("R-E5");
        });
        workers.close();
        workers.execute(() -> {
            throw new IllegalStateException("the store is closed");
        });
        assertEquals(
                List.of(
                        "worked",
                        "ended: The check failed: a broken promise",
                        "ended: The check failed: R-E5"),
                said);
    }

    /// A halt of consensus is no failure like others: the supervisor must not start it again.
    @Test
    void whatConsensusHaltsIsNotStartedAgain() {
        Metrics metrics = new Metrics();
        Phases phases = new Phases(metrics);
        EffectRunner runner =
                new EffectRunner(
                        // Nothing of them is asked.
                        new EffectRunner.Parts(
                                null,
                                null,
                                null,
                                null,
                                new SnapshotBoard(),
                                _ -> {},
                                _ -> {},
                                Runnable::run,
                                SubnetLimits.local()),
                        new RoundTimes(metrics, phases),
                        () -> {},
                        fatal,
                        metrics,
                        phases);
        runner.run(new Effect.Halt("The roots differ; do this", List.of(Blob.fromHex("01"))));
        assertEquals(List.of("halted: Consensus halts: The roots differ; do this"), said);
    }
}
