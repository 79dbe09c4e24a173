package icj.launcher.bench;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/// What a bench is asked for; null means the bench's own default.
///
/// @param samples of latencies
/// @param seconds of loads, and of watching an idle network
/// @param clients that call at the same time
/// @param distinctPages each update writes a page of its own
/// @param anonymous queries without a signature
/// @param whileUpdating queries beside a load of updates
public record BenchOptions(
        @Nullable Integer samples,
        @Nullable Integer seconds,
        @Nullable Integer clients,
        boolean distinctPages,
        boolean anonymous,
        boolean whileUpdating) {
    /// The calls before the first that counts.
    static final int WARM_UP = 100;

    /// What the plain command line says.
    public static final BenchOptions NONE = new BenchOptions(null, null, null, false, false, false);

    BenchOptions apart() {
        return new BenchOptions(samples, seconds, clients, true, anonymous, whileUpdating);
    }

    BenchOptions asAnonymous(boolean beside) {
        return new BenchOptions(samples, seconds, clients, distinctPages, true, beside);
    }

    int samplesOr(int byDefault) {
        return samples == null ? byDefault : samples;
    }

    Duration loadOr(int byDefaultSeconds) {
        return Duration.ofSeconds(seconds == null ? byDefaultSeconds : seconds);
    }

    int clientsOr(int byDefault) {
        return clients == null ? byDefault : clients;
    }
}
