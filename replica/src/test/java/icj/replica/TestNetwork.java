package icj.replica;

import icj.crypto.Ed25519SigningKey;
import icj.crypto.NodeSigner;
import icj.crypto.bls.KeyDealer;
import icj.crypto.bls.SecretShare;
import icj.crypto.bls.SubnetKeys;
import icj.crypto.tls.NodeCertificate;
import icj.testing.FreePort;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.NodeId;
import icj.types.Quorum;
import icj.types.RegistryVersion;
import icj.types.SubnetId;
import icj.types.registry.CanisterRange;
import icj.types.registry.Genesis;
import icj.types.registry.NodeRecord;
import icj.types.registry.Registry;
import icj.types.registry.SubnetLimits;
import icj.types.registry.SubnetRecord;
import icj.types.registry.SubnetType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/// A network in a folder: genesis, keys and a configuration for each node. What the launcher does
/// for users, for tests of one process.
public final class TestNetwork {
    /// One node to be.
    private static final class Member {
        private final NodeSigner signer;
        private final Ed25519SigningKey tls;
        private final Blob certificate;
        private final int http = FreePort.next();
        private final int p2p = FreePort.next();
        private final int metrics = FreePort.next();
        private String name = "";

        Member(SecureRandom random) {
            signer = NodeSigner.generate(random);
            tls = Ed25519SigningKey.generate(random);
            certificate =
                    NodeCertificate.create(tls, signer.nodeId(), Instant.now().minusSeconds(3_600));
        }

        NodeId id() {
            return signer.nodeId();
        }
    }

    final Registry registry;
    final Digest networkId;
    private final List<NodeConfig> configs = new ArrayList<>();

    private TestNetwork(Registry registry, Digest networkId) {
        this.registry = registry;
        this.networkId = networkId;
    }

    /// Writes a network of one subnet with so many nodes.
    public static TestNetwork create(Path folder, int nodes) {
        return create(folder, 0, nodes);
    }

    /// Writes a network of a root subnet and an application subnet; without nodes of the root the
    /// application subnet is the root.
    static TestNetwork create(Path folder, int rootNodes, int applicationNodes) {
        try {
            return write(folder, rootNodes, applicationNodes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TestNetwork write(Path folder, int rootNodes, int applicationNodes)
            throws IOException {
        SecureRandom random = new SecureRandom();
        TreeMap<NodeId, NodeRecord> nodes = new TreeMap<>();
        TreeMap<SubnetId, SubnetRecord> subnets = new TreeMap<>();
        List<Member> all = new ArrayList<>();
        SubnetId root = null;
        if (rootNodes > 0) {
            root = subnet(folder, rootNodes, SubnetType.NNS, "nns", 0, random, nodes, subnets, all);
        }
        SubnetId application =
                subnet(
                        folder,
                        applicationNodes,
                        SubnetType.APPLICATION,
                        "",
                        1,
                        random,
                        nodes,
                        subnets,
                        all);
        Registry registry =
                new Registry(
                        new RegistryVersion(1),
                        nodes,
                        subnets,
                        root == null ? application : root,
                        System.currentTimeMillis() * 1_000_000L);
        Blob genesis = Genesis.encode(registry);
        Path file = folder.resolve("genesis.cbor");
        Files.write(file, genesis.toBytes());
        TestNetwork network = new TestNetwork(registry, Genesis.networkId(genesis));
        for (Member member : all) {
            Path home = folder.resolve("nodes").resolve(member.name);
            network.configs.add(
                    new NodeConfig(
                            network.networkId,
                            member.id(),
                            member.name,
                            file,
                            home.resolve("keys"),
                            home.resolve("journal"),
                            home.resolve("state"),
                            home.resolve("log"),
                            new NodeConfig.Endpoint("127.0.0.1", member.http),
                            new NodeConfig.Endpoint("127.0.0.1", member.p2p),
                            new NodeConfig.Endpoint("127.0.0.1", member.metrics),
                            folder.resolve("classes"),
                            folder.resolve("native"),
                            null));
        }
        return network;
    }

    private static SubnetId subnet(
            Path folder,
            int size,
            SubnetType type,
            String prefix,
            int range,
            SecureRandom random,
            TreeMap<NodeId, NodeRecord> nodes,
            TreeMap<SubnetId, SubnetRecord> subnets,
            List<Member> all)
            throws IOException {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            members.add(new Member(random));
        }
        members.sort(Comparator.comparing(Member::id));
        Quorum quorum = Quorum.of(size);
        KeyDealer.Dealing high = KeyDealer.deal(size, quorum.notary(), random);
        KeyDealer.Dealing low = KeyDealer.deal(size, quorum.low(), random);
        Blob der = high.key().publicKey().der();
        SubnetId id = SubnetKeys.subnetId(der);
        for (int i = 0; i < size; i++) {
            Member member = members.get(i);
            member.name = prefix + (i + 1);
            nodes.put(
                    member.id(),
                    new NodeRecord(
                            member.id(),
                            member.name,
                            id,
                            member.signer.publicKeyDer(),
                            member.certificate,
                            "127.0.0.1",
                            member.p2p,
                            "127.0.0.1",
                            member.http));
            keys(folder, member, high.shares().get(i), low.shares().get(i));
        }
        all.addAll(members);
        List<NodeId> ids = new ArrayList<>();
        for (Member member : members) {
            ids.add(member.id());
        }
        subnets.put(
                id,
                new SubnetRecord(
                        id,
                        type,
                        ids,
                        der,
                        high.key().commitments(),
                        low.key().commitments(),
                        List.of(CanisterRange.ofIndex(range)),
                        SubnetLimits.local()));
        return id;
    }

    private static void keys(Path folder, Member member, SecretShare high, SecretShare low)
            throws IOException {
        Path keys = folder.resolve("nodes").resolve(member.name).resolve("keys");
        Files.createDirectories(keys);
        Files.writeString(keys.resolve("signing.pem"), member.signer.toPem());
        Files.writeString(keys.resolve("tls.pem"), member.tls.toPem());
        Files.write(keys.resolve("tls.crt"), member.certificate.toBytes());
        Files.writeString(keys.resolve("threshold-high.key"), high.toHex());
        Files.writeString(keys.resolve("threshold-low.key"), low.toHex());
    }

    /// The registry at genesis.
    public Registry registry() {
        return registry;
    }

    /// The id of the network.
    public Digest id() {
        return networkId;
    }

    /// The configuration of node `name`.
    NodeConfig config(String name) {
        for (NodeConfig config : configs) {
            if (config.name().equals(name)) {
                return config;
            }
        }
        throw new IllegalArgumentException("There is no node " + name);
    }

    /// All configurations.
    List<NodeConfig> configs() {
        return List.copyOf(configs);
    }
}
