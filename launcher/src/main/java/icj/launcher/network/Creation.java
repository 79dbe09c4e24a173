package icj.launcher.network;

import icj.crypto.Ed25519SigningKey;
import icj.crypto.NodeSigner;
import icj.crypto.bls.KeyDealer;
import icj.crypto.bls.SecretShare;
import icj.crypto.bls.SubnetKeys;
import icj.crypto.tls.NodeCertificate;
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

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Makes a new network: keys of each node, threshold keys of each subnet, genesis, settings.
///
/// Threshold keys are dealt here (no DKG yet): this process knows a whole key for a moment. Each
/// node's directory gets that node's shares alone, and nothing whole is ever written.
/// `settings.json` comes last: without it the directory holds no network, and the next start begins
/// anew.
public final class Creation {
    /// A certificate is valid some time before it is made: clocks of hosts differ.
    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

    private final NetworkDirectory directory;
    private final Settings settings;
    private final SecureRandom random;
    private final Instant now;
    private final SortedMap<NodeId, NodeRecord> nodes = new TreeMap<>();
    private final SortedMap<SubnetId, SubnetRecord> subnets = new TreeMap<>();

    /// A node whose id is known and whose subnet is not yet.
    private record Member(String name, NodeSigner signer, Blob certificate) {}

    private Creation(
            NetworkDirectory directory, Settings settings, SecureRandom random, Instant now) {
        this.directory = directory;
        this.settings = settings;
        this.random = random;
        this.now = now;
    }

    /// Makes the network. The caller holds its lock.
    ///
    /// @param locations where nodes find the caches of this host
    public static Registry create(
            NetworkDirectory directory, Settings settings, Locations locations) {
        OwnerFiles.removeAll(directory.nodes());
        OwnerFiles.replace(
                directory.format(),
                Json.pretty(Json.object().put("format", NetworkDirectory.FORMAT)));
        Creation creation = new Creation(directory, settings, new SecureRandom(), Instant.now());
        Registry registry = creation.registry();
        Blob genesis = Genesis.encode(registry);
        OwnerFiles.replace(directory.genesis(), genesis.toBytes());
        Digest network = Genesis.networkId(genesis);
        for (NodeRecord node : registry.nodes().values()) {
            NodeConfig.write(
                    directory,
                    network,
                    node.id(),
                    settings.portsOf(node.name()),
                    settings.bind(),
                    locations);
        }
        settings.write(directory.settings());
        return registry;
    }

    private Registry registry() {
        SubnetId application =
                subnet(
                        SubnetType.APPLICATION,
                        NodeNames.of(settings.nodes(), 0),
                        CanisterRange.ofIndex(1));
        SubnetId root =
                settings.nnsNodes() == 0
                        ? application
                        : subnet(
                                SubnetType.NNS,
                                NodeNames.of(0, settings.nnsNodes()),
                                CanisterRange.ofIndex(0));
        long time = Math.addExact(now.getEpochSecond() * 1_000_000_000L, now.getNano());
        return new Registry(new RegistryVersion(1), nodes, subnets, root, time);
    }

    private SubnetId subnet(SubnetType type, List<String> names, CanisterRange range) {
        List<Member> members = new ArrayList<>();
        for (String name : names) {
            members.add(member(name));
        }
        // The place in the sorted list is the index of the threshold shares.
        members.sort(Comparator.comparing(m -> m.signer.nodeId()));
        Quorum quorum = Quorum.of(members.size());
        KeyDealer.Dealing high = KeyDealer.deal(members.size(), quorum.notary(), random);
        KeyDealer.Dealing low = KeyDealer.deal(members.size(), quorum.low(), random);
        Blob publicKey = high.key().publicKey().der();
        SubnetId id = SubnetKeys.subnetId(publicKey);
        List<NodeId> ids = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            share(member, "threshold-high.key", high.shares().get(i));
            share(member, "threshold-low.key", low.shares().get(i));
            nodes.put(member.signer.nodeId(), record(member, id));
            ids.add(member.signer.nodeId());
        }
        subnets.put(
                id,
                new SubnetRecord(
                        id,
                        type,
                        ids,
                        publicKey,
                        high.key().commitments(),
                        low.key().commitments(),
                        List.of(range),
                        SubnetLimits.local()));
        return id;
    }

    private Member member(String name) {
        NodeSigner signer = NodeSigner.generate(random);
        Ed25519SigningKey tls = Ed25519SigningKey.generate(random);
        Blob certificate = NodeCertificate.create(tls, signer.nodeId(), now.minus(CLOCKS_DIFFER));
        OwnerFiles.directory(directory.keys(name));
        key(name, "signing.pem", signer.toPem());
        key(name, "tls.pem", tls.toPem());
        OwnerFiles.replacePrivate(directory.keys(name).resolve("tls.crt"), certificate.toBytes());
        return new Member(name, signer, certificate);
    }

    private void share(Member member, String file, SecretShare share) {
        key(member.name, file, share.toHex() + "\n");
        share.wipe();
    }

    private void key(String node, String file, String text) {
        OwnerFiles.replacePrivate(directory.keys(node).resolve(file), text);
    }

    private NodeRecord record(Member member, SubnetId subnet) {
        NodePorts ports = settings.portsOf(member.name);
        return new NodeRecord(
                member.signer.nodeId(),
                member.name,
                subnet,
                member.signer.publicKeyDer(),
                member.certificate,
                Settings.BIND_DEFAULT,
                ports.p2p(),
                NetworkFile.reachable(settings.bind()),
                ports.http());
    }
}
