package icj.launcher.bench;

import java.util.Locale;

/// What can be measured.
public enum BenchName {
    /// One update after the other.
    LATENCY,
    /// Many clients.
    THROUGHPUT,
    /// Queries.
    QUERY,
    /// Start and resumption of a network.
    START,
    /// A network that nobody asks anything.
    IDLE,
    /// Where the time of an update goes.
    PHASES,
    /// The root of a state, one page of which was written.
    ROOT,
    /// Canister code against V8.
    WASM,
    /// Hours at a steady rate, while nodes are killed.
    SOAK,
    /// All of them.
    ALL;

    /// As on the command line.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether it measures a network that runs already.
    public boolean isOfNetwork() {
        return this != START && this != ROOT && this != WASM;
    }

    /// Whether it needs no more of a network than its public interface.
    public boolean isOfAnyEndpoint() {
        return this == LATENCY || this == THROUGHPUT || this == QUERY;
    }

    /// The bench and what it was asked for, as in reports.
    String variant(BenchOptions options) {
        return switch (this) {
            case THROUGHPUT -> text() + (options.distinctPages() ? "-distinct-pages" : "");
            case QUERY ->
                    text()
                            + (options.anonymous() ? "-anonymous" : "")
                            + (options.whileUpdating() ? "-while-updating" : "");
            default -> text();
        };
    }
}
