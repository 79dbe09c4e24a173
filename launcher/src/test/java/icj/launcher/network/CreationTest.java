package icj.launcher.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.crypto.NodeSigner;
import icj.crypto.bls.Combination;
import icj.crypto.bls.MessagePoint;
import icj.crypto.bls.SecretShare;
import icj.crypto.bls.SignatureShare;
import icj.crypto.bls.ThresholdKey;
import icj.crypto.tls.NodeCertificate;
import icj.testing.Golden;
import icj.types.Blob;
import icj.types.Invariant;
import icj.types.registry.Genesis;
import icj.types.registry.NodeRecord;
import icj.types.registry.Registry;
import icj.types.registry.SubnetRecord;
import icj.types.registry.SubnetType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

final class CreationTest {
    @TempDir Path root;

    @Test
    void everyNodeHoldsItsOwnKeysAndNobodyElses() throws Exception {
        NetworkDirectory directory = create(4, 1);
        Registry registry = registry(directory);
        assertEquals(5, registry.nodes().size());
        Map<String, String> secrets = new TreeMap<>();
        for (NodeRecord node : registry.nodes().values()) {
            Path keys = directory.keys(node.name());
            NodeSigner signer = NodeSigner.fromPem(Files.readString(keys.resolve("signing.pem")));
            assertEquals(node.id(), signer.nodeId());
            assertEquals(node.signingKeyDer(), signer.publicKeyDer());
            assertEquals(
                    node.tlsCertificateDer(), Blob.of(Files.readAllBytes(keys.resolve("tls.crt"))));
            assertNull(NodeCertificate.problem(node.tlsCertificateDer(), node.id()));
            SubnetRecord subnet = registry.subnetOf(node.id());
            int index = subnet.shareIndex(node.id());
            assertTrue(high(subnet).holds(share(keys, "threshold-high.key", index)));
            assertTrue(
                    ThresholdKey.of(subnet.lowCommitments())
                            .holds(share(keys, "threshold-low.key", index)));
            for (String file :
                    List.of("signing.pem", "tls.pem", "threshold-high.key", "threshold-low.key")) {
                secrets.put(secret(Files.readString(keys.resolve(file))), node.name() + "/" + file);
            }
        }
        assertEquals(20, secrets.size(), "no two files hold the same key");
        for (Path file : files(directory.root())) {
            String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            secrets.forEach((secret, owner) -> {
                if (text.contains(secret)) {
                    assertTrue(
                            file.toString().endsWith(owner.replace("/", "/keys/")),
                            owner + " stands in " + file);
                }
            });
        }
    }

    @Test
    void onlyTheOwnerMayReadKeys() throws Exception {
        NetworkDirectory directory = create(1, 0);
        assertEquals("rwx------", rights(directory.keys("1")));
        for (Path file : files(directory.keys("1"))) {
            assertEquals("rw-------", rights(file), file.toString());
        }
    }

    @Test
    void fSharesMakeNoCertificateAndAQuorumDoes() throws Exception {
        NetworkDirectory directory = create(4, 0);
        Registry registry = registry(directory);
        SubnetRecord subnet = registry.root();
        ThresholdKey key = high(subnet);
        assertEquals(3, key.threshold());
        MessagePoint message = MessagePoint.of("state root".getBytes(StandardCharsets.UTF_8));
        List<SignatureShare> shares = new ArrayList<>();
        for (NodeRecord node : registry.nodes().values()) {
            shares.add(
                    share(
                                    directory.keys(node.name()),
                                    "threshold-high.key",
                                    subnet.shareIndex(node.id()))
                            .sign(message));
        }
        assertThrows(Invariant.Violation.class, () -> key.combine(message, shares.subList(0, 2)));
        // f shares with a made up third: nothing that verifies.
        List<SignatureShare> forged = new ArrayList<>(shares.subList(0, 2));
        forged.add(new SignatureShare(shares.get(2).signer(), shares.get(0).signature()));
        assertInstanceOf(Combination.TooFew.class, key.combine(message, forged));
        assertInstanceOf(Combination.Combined.class, key.combine(message, shares.subList(0, 3)));
        assertFalse(
                key.publicKey().verify(message, shares.getFirst().signature()),
                "one share is no signature of the subnet");
    }

    @Test
    void withoutAnNnsTheApplicationSubnetIsTheRoot() throws Exception {
        Registry registry = registry(create(1, 0));
        assertEquals(1, registry.subnets().size());
        assertEquals(SubnetType.APPLICATION, registry.root().type());
        assertEquals(registry.root(), registry.defaultSubnet());
        assertEquals(1 << 20, registry.root().ranges().getFirst().low());
    }

    @Test
    void aCreationThatWasCutShortBeginsAnew() throws Exception {
        NetworkDirectory directory = create(2, 0);
        Files.delete(directory.settings());
        assertFalse(directory.exists());
        Path stale = directory.keys("9").resolve("signing.pem");
        OwnerFiles.directory(stale.getParent());
        Files.writeString(stale, "x");
        create(2, 0);
        assertTrue(directory.exists());
        assertFalse(Files.exists(stale));
    }

    @Test
    void whatProgramsReadKeepsItsForm() throws Exception {
        NetworkDirectory directory = create(2, 1);
        Settings settings = Settings.read(directory.settings());
        Registry registry = registry(directory);
        TreeMap<String, Long> pids = new TreeMap<>(Map.of("1", 101L, "nns1", 103L));
        NetworkFile file = NetworkFile.of(directory, settings, registry, 99L, pids);
        file.write(directory.networkFile());
        String network = Files.readString(directory.networkFile());
        assertEquals(file, NetworkFile.read(directory.networkFile()));
        String config = Files.readString(directory.nodeConfig("2"));
        Golden.check("network.json", nameless(network, directory, registry));
        Golden.check("node.json", nameless(config, directory, registry));
    }

    /// Keys, ids and paths are different each time.
    private static String nameless(String json, NetworkDirectory directory, Registry registry)
            throws Exception {
        String text = json.replace(directory.root().toString(), "ROOT");
        for (NodeRecord node : registry.nodes().values()) {
            text = text.replace(node.id().toString(), "NODE-" + node.name());
        }
        for (SubnetRecord subnet : registry.subnets().values()) {
            text = text.replace(subnet.id().toString(), "SUBNET-" + subnet.type());
        }
        String network =
                Genesis.networkId(Blob.of(Files.readAllBytes(directory.genesis()))).toString();
        // Members stand in the order of their ids.
        return text.replace(network, "NETWORK")
                .replace(HexFormat.of().formatHex(registry.rootKeyDer().shared()), "ROOT-KEY")
                .replace(
                        "[\n        \"NODE-2\",\n        \"NODE-1\"",
                        "[\n        \"NODE-1\",\n        \"NODE-2\"");
    }

    private NetworkDirectory create(int nodes, int nnsNodes) {
        NetworkDirectory directory = new NetworkDirectory(root, "test");
        Creation.create(
                directory,
                Settings.create("test", new Settings.Request(nodes, nnsNodes, null, null)),
                Locations.of(Map.of(), root));
        return directory;
    }

    private static Registry registry(NetworkDirectory directory) throws Exception {
        return Genesis.decode(Blob.of(Files.readAllBytes(directory.genesis())));
    }

    private static ThresholdKey high(SubnetRecord subnet) throws Exception {
        return ThresholdKey.of(subnet.highCommitments());
    }

    private static SecretShare share(Path keys, String file, int index) throws Exception {
        return SecretShare.fromHex(index, Files.readString(keys.resolve(file)));
    }

    /// The line that holds the secret.
    private static String secret(String file) {
        return file.lines().filter(line -> !line.startsWith("-----")).findFirst().orElseThrow();
    }

    private static String rights(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static List<Path> files(Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
