package icj.replica;

import icj.crypto.tls.PeerTls;
import icj.replica.metrics.Metrics;
import icj.replica.p2p.FrameKind;
import icj.replica.p2p.PeerAddress;
import icj.replica.p2p.PeerEvents;
import icj.replica.p2p.PeerLimits;
import icj.replica.p2p.PeerNetwork;
import icj.testing.Await;
import icj.testing.Prng;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.artifact.Artifact;
import icj.types.artifact.BlockRef;
import icj.types.artifact.IndexedSignature;
import icj.types.registry.NodeRecord;
import icj.types.registry.SubnetRecord;
import icj.wire.ArtifactCodec;
import icj.wire.MalformedException;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A member whose keys are right and whose artifacts are all wrong.
final class HostilePeer implements PeerEvents, AutoCloseable {
    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Prng prng = Prng.of(99);
    private final PeerNetwork network;
    private final NodeId self;
    private final AtomicInteger peers = new AtomicInteger();
    private final AtomicLong height = new AtomicLong(1);
    private final AtomicLong offered = new AtomicLong();

    HostilePeer(TestNetwork of, String name) throws Exception {
        NodeConfig config = of.config(name);
        NodeRecord record = of.registry.node(config.node());
        SubnetRecord subnet = of.registry.subnetOf(config.node());
        NodeKeys keys = NodeKeys.read(config.keys(), record, subnet);
        self = config.node();
        List<PeerAddress> addresses = new ArrayList<>();
        for (NodeId member : subnet.members()) {
            if (!member.equals(self)) {
                NodeRecord node = of.registry.node(member);
                addresses.add(new PeerAddress(member, node.p2pHost(), node.p2pPort()));
            }
        }
        network =
                new PeerNetwork(
                        self,
                        addresses,
                        "127.0.0.1",
                        config.p2p().port(),
                        of.networkId,
                        PeerTls.of(keys.tlsKey(), keys.tlsCertificate(), new Pins(of.registry)),
                        PeerLimits.STANDARD,
                        this,
                        group,
                        new Metrics());
        network.start();
    }

    void awaitConnected(int count) throws Exception {
        Await.until(count + " peers are connected", () -> peers.get() >= count);
    }

    /// Sends so many bad artifacts about the present height to everyone.
    void flood(int count) {
        for (int i = 0; i < count; i++) {
            network.broadcast(FrameKind.ARTIFACT, ArtifactCodec.encode(bad(i)), true);
        }
        offered.addAndGet(count);
    }

    /// How many bad artifacts were made for each peer; what a throttled connection doesn't take is
    /// lost at our own queue.
    long offered() {
        return offered.get();
    }

    private Artifact bad(int kind) {
        Height at = new Height(height.get() + prng.below(3));
        BlockRef block = new BlockRef(at, Digest.owning(prng.bytes(32)));
        Blob ed25519 = Blob.owning(prng.bytes(64));
        Blob point = Blob.owning(prng.bytes(48));
        List<IndexedSignature> list =
                List.of(
                        new IndexedSignature(0, ed25519),
                        new IndexedSignature(1, ed25519),
                        new IndexedSignature(2, ed25519));
        return switch (kind % 8) {
            case 0 -> new Artifact.NotarizationShare(block, self, ed25519);
            case 1 -> new Artifact.FinalizationShare(block, self, ed25519);
            case 2 -> new Artifact.Notarization(block, list);
            case 3 -> new Artifact.Finalization(block, list);
            case 4 -> new Artifact.BeaconShare(at, self, point);
            case 5 -> new Artifact.Beacon(at, point);
            case 6 -> new Artifact.FetchChain(new Height(1), new Height(1), at, at);
            default -> new Artifact.FetchBlock(block);
        };
    }

    @Override
    public void connected(NodeId peer) {
        peers.incrementAndGet();
    }

    @Override
    public void disconnected(NodeId peer) {
        peers.decrementAndGet();
    }

    @Override
    public Reception received(NodeId peer, FrameKind kind, Blob payload) {
        if (kind == FrameKind.ARTIFACT) {
            try {
                long seen = ArtifactCodec.decode(payload).height().value();
                height.accumulateAndGet(seen, Math::max);
            } catch (MalformedException e) {
                throw new AssertionError(e);
            }
        }
        return new Reception(Outcome.TAKEN, 0);
    }

    @Override
    public void close() {
        network.close();
        group.shutdownGracefully().awaitUninterruptibly();
    }
}
