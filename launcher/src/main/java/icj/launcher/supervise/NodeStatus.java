package icj.launcher.supervise;

import org.jspecify.annotations.Nullable;

/// One node as its supervisor sees it.
///
/// @param name of the node
/// @param phase what its process does
/// @param pid null when it doesn't run
/// @param restarts how often it was started again since the supervisor started
/// @param note why it doesn't run, or how it died last; empty when there is nothing to say
/// @param exit how the last process ended, null when none did
public record NodeStatus(
        String name,
        Phase phase,
        @Nullable Long pid,
        int restarts,
        String note,
        @Nullable Integer exit) {
    /// How a node's process ends when its disk is full.
    public static final int EXIT_DISK_FULL = 7;

    /// What a node's process does.
    public enum Phase {
        /// It runs.
        RUNNING,
        /// It died and is started again soon.
        WAITING,
        /// It died too often, or can't start; `node start` tries again.
        GIVEN_UP,
        /// It was stopped by hand.
        STOPPED
    }
}
