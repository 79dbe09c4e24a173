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
    PHASES;

    /// As on the command line.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
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
