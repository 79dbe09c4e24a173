package icj.launcher.supervise;

/// One line of JSON that asks a supervisor for something.
///
/// @param token from `supervisor.json`
/// @param command one of the constants here
/// @param node its name; empty where the command names none
public record ControlRequest(String token, String command, String node) {
    /// How are the nodes?
    public static final String STATUS = "status";

    /// End all nodes and the supervisor.
    public static final String STOP = "stop";

    /// Send SIGKILL to a node.
    public static final String KILL = "node-kill";

    /// End a node and keep it down.
    public static final String NODE_STOP = "node-stop";

    /// Start a node that was stopped or given up.
    public static final String NODE_START = "node-start";

    /// Without the token.
    @Override
    public String toString() {
        return command + " " + node;
    }
}
