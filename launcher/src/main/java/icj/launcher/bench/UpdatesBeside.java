package icj.launcher.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/// A load of updates on a thread of its own, beside what is measured.
final class UpdatesBeside {
    private static final int UPDATES_PER_SECOND = 1_000;

    private final UpdateLoad updates;
    private final HttpLoad driver;
    private final Thread thread;
    private volatile double seconds;

    private UpdatesBeside(UpdateLoad updates, HttpLoad driver, Duration load) {
        this.updates = updates;
        this.driver = driver;
        thread = Thread.ofPlatform().name("updates").unstarted(() -> run(load));
    }

    static UpdatesBeside start(
            Endpoint endpoint, LoadCanister canister, int clients, Duration load) {
        SignedRequests requests =
                SignedRequests.marks(LoadCanister.newIdentity(), canister.id(), false)
                        .sign((int) load.toSeconds() * UPDATES_PER_SECOND);
        UpdateLoad updates = new UpdateLoad(requests, load);
        HttpLoad driver =
                new HttpLoad(
                        endpoint.nodes(),
                        "/api/v4/canister/" + canister.id() + "/call",
                        clients,
                        updates);
        UpdatesBeside beside = new UpdatesBeside(updates, driver, load);
        beside.thread.start();
        return beside;
    }

    private void run(Duration load) {
        try {
            seconds = driver.run(load, ThroughputBench.DRAIN) / 1e9;
        } catch (IOException e) {
            updates.reasons().put(String.valueOf(e.getMessage()), 1L);
        }
    }

    /// Waits for its end and tells what it did.
    void end(Notes notes) throws InterruptedException {
        driver.cancel();
        thread.join();
        notes.say(
                String.format(
                        Locale.ROOT,
                        "meanwhile %.0f updates/s, p50 %.1f ms",
                        updates.inTime() / Math.max(seconds, 1e-3),
                        updates.latencies().millis(50)));
        updates.reasons().forEach((reason, count) -> notes.say(count + " x " + reason));
    }
}
