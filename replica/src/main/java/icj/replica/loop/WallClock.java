package icj.replica.loop;

import java.time.Instant;

/// The clock of this machine, in the unit of the network.
public final class WallClock {
    private WallClock() {}

    /// Nanoseconds since 1970-01-01 UTC.
    public static long nanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}
