package icj.launcher.supervise;

import java.util.List;

/// One line of JSON that a supervisor answers.
///
/// @param error what is the matter; empty when all is well
/// @param nodes as they are after the command
public record ControlAnswer(String error, List<NodeStatus> nodes) {
    public ControlAnswer {
        nodes = List.copyOf(nodes);
    }

    static ControlAnswer of(List<NodeStatus> nodes) {
        return new ControlAnswer("", nodes);
    }

    static ControlAnswer failed(String error) {
        return new ControlAnswer(error, List.of());
    }
}
