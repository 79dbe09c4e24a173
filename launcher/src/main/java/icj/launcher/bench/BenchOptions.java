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
/// @param soak what only `soak` heeds
public record BenchOptions(
        @Nullable Integer samples,
        @Nullable Integer seconds,
        @Nullable Integer clients,
        boolean distinctPages,
        boolean anonymous,
        boolean whileUpdating,
        Soak soak) {
    /// A load at a steady rate.
    ///
    /// @param seconds that it lasts
    /// @param rate of updates per second over all nodes; null for half of what the network does
    /// @param killSeconds between two kills of a node; null for none
    public record Soak(int seconds, @Nullable Integer rate, @Nullable Integer killSeconds) {
        /// As issue and help say.
        public static final Soak DEFAULT = new Soak(7_200, null, 60);
    }

    /// The calls before the first that counts.
    static final int WARM_UP = 100;

    /// What the plain command line says.
    public static final BenchOptions NONE =
            new BenchOptions(null, null, null, false, false, false, Soak.DEFAULT);

    BenchOptions apart() {
        return new BenchOptions(samples, seconds, clients, true, anonymous, whileUpdating, soak);
    }

    BenchOptions asAnonymous(boolean beside) {
        return new BenchOptions(samples, seconds, clients, distinctPages, true, beside, soak);
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
