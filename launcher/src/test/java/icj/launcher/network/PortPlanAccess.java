package icj.launcher.network;

import java.util.List;

/// What tests of other packages ask of the port plan.
public final class PortPlanAccess {
    private PortPlanAccess() {}

    /// A search on a machine where every port is taken.
    public static List<NodePorts> noneFree() {
        return PortPlan.free(List.of("1"), _ -> false);
    }
}
