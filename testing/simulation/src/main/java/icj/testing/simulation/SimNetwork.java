package icj.testing.simulation;

import icj.consensus.Input;
import icj.testing.Prng;
import icj.types.artifact.Artifact;

import java.util.Arrays;
import java.util.List;

/// Messages between nodes: delayed, lost, doubled, reordered; and partitions.
final class SimNetwork {
    private final World world;
    private final Prng random;
    private final List<SimNode> nodes;
    private final int[] side;
    private long delayNanos;
    private int lossPermille;
    private int duplicatePermille;
    private long messages;

    SimNetwork(World world, Prng random, List<SimNode> nodes, int count) {
        this.world = world;
        this.random = random;
        this.nodes = nodes;
        this.side = new int[count];
    }

    void quality(long delay, int loss, int duplicate) {
        delayNanos = delay;
        lossPermille = loss;
        duplicatePermille = duplicate;
    }

    /// How many messages were sent.
    long messages() {
        return messages;
    }

    /// Cuts the nodes into groups; with one group everybody hears everybody.
    void partition(int groups) {
        int[] before = side.clone();
        for (int i = 0; i < side.length; i++) {
            side[i] = groups <= 1 ? 0 : random.below(groups);
        }
        for (int a = 0; a < side.length; a++) {
            for (int b = 0; b < side.length; b++) {
                if (a != b && before[a] != before[b] && side[a] == side[b]) {
                    connect(nodes.get(a), nodes.get(b));
                }
            }
        }
    }

    boolean isWhole() {
        return Arrays.stream(side).distinct().count() == 1;
    }

    /// A node came up: both ends of its connections hear of it.
    void came(SimNode node) {
        for (SimNode other : nodes) {
            if (other.index() != node.index()
                    && other.isUp()
                    && side[other.index()] == side[node.index()]) {
                connect(node, other);
                connect(other, node);
            }
        }
    }

    private static void connect(SimNode node, SimNode peer) {
        if (node.isUp() && peer.isUp()) {
            node.post(new Input.PeerConnected(peer.id()));
        }
    }

    void broadcast(SimNode from, Artifact artifact) {
        for (SimNode to : nodes) {
            if (to.index() != from.index()) {
                send(from, to, artifact);
            }
        }
    }

    void send(SimNode from, SimNode to, Artifact artifact) {
        messages++;
        if (side[from.index()] != side[to.index()] || random.below(1000) < lossPermille) {
            return;
        }
        deliver(from, to, artifact);
        if (random.below(1000) < duplicatePermille) {
            deliver(from, to, artifact);
        }
    }

    private void deliver(SimNode from, SimNode to, Artifact artifact) {
        double factor = random.chance(0.05) ? 8 : random.below(1000) / 500.0;
        world.after(
                10_000 + (long) (delayNanos * factor),
                () -> to.post(new Input.ArtifactArrived(from.id(), artifact)));
    }
}
