package icj.launcher.network;

import java.util.ArrayList;
import java.util.List;

/// Names of nodes: `1` to `N` of the application subnet, `nns1` to `nnsM` of the NNS subnet.
public final class NodeNames {
    private static final String NNS = "nns";

    private NodeNames() {}

    /// `1` to `N`, then `nns1` to `nnsM`: the order in which ports are given out.
    public static List<String> of(int nodes, int nnsNodes) {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= nodes; i++) {
            names.add(Integer.toString(i));
        }
        for (int i = 1; i <= nnsNodes; i++) {
            names.add(NNS + i);
        }
        return names;
    }

    /// Whether this is a node of the NNS subnet.
    public static boolean isNns(String name) {
        return name.startsWith(NNS);
    }
}
