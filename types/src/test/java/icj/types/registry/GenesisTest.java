package icj.types.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.candid.Principal;
import icj.testing.Golden;
import icj.testing.Prng;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.NodeId;
import icj.types.Quorum;
import icj.types.RegistryVersion;
import icj.types.SubnetId;
import icj.wire.MalformedException;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

final class GenesisTest {
    @Test
    void theFileKeepsItsBytes() throws Exception {
        Registry registry = registry(Prng.of(7), 1, 4);
        Blob file = Genesis.encode(registry);
        Golden.check(
                "genesis.hex",
                Genesis.networkId(file) + "\n" + HexFormat.of().formatHex(file.shared()) + "\n");
        assertEquals(registry, Genesis.decode(file));
    }

    @Test
    void everyCutAndEveryChangedBitIsRefusedOrAnotherNetwork() {
        Registry registry = registry(Prng.of(3), 0, 1);
        byte[] file = Genesis.encode(registry).toBytes();
        for (int length = 0; length < file.length; length++) {
            Blob cut = Blob.of(java.util.Arrays.copyOf(file, length));
            assertThrows(MalformedException.class, () -> Genesis.decode(cut));
        }
        for (int bit = 0; bit < 8 * file.length; bit++) {
            byte[] changed = file.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                Registry other = Genesis.decode(Blob.of(changed));
                assertEquals(Blob.of(changed), Genesis.encode(other));
            } catch (MalformedException e) {
                assertTrue(e.getMessage().length() > 10);
            }
        }
    }

    @Test
    void aCanisterIsRoutedByItsNumber() {
        Registry registry = registry(Prng.of(5), 1, 4);
        assertEquals(registry.root(), registry.route(CanisterId.ofNumber(0)));
        assertEquals(registry.root(), registry.route(CanisterId.ofNumber(0xfffff)));
        assertEquals(registry.defaultSubnet(), registry.route(CanisterId.ofNumber(0x100000)));
        assertEquals(null, registry.route(CanisterId.ofNumber(0x200000)));
        assertEquals(null, registry.route(CanisterId.ofNumber(-1)));
        assertEquals(null, registry.route(CanisterId.MANAGEMENT));
        assertEquals(SubnetType.APPLICATION, registry.defaultSubnet().type());
    }

    @Test
    void shareIndexesCountFromOne() {
        SubnetRecord subnet = registry(Prng.of(5), 1, 4).defaultSubnet();
        for (int i = 0; i < 4; i++) {
            assertEquals(i + 1, subnet.shareIndex(subnet.members().get(i)));
        }
        assertEquals(0, subnet.shareIndex(new NodeId(Principal.ANONYMOUS)));
    }

    @Test
    void recordsThatContradictThemselvesAreRefused() {
        SubnetRecord good = registry(Prng.of(5), 0, 4).defaultSubnet();
        List<NodeId> reversed = new ArrayList<>(good.members().reversed());
        refused(
                () ->
                        new SubnetRecord(
                                good.id(),
                                good.type(),
                                reversed,
                                good.publicKeyDer(),
                                good.highCommitments(),
                                good.lowCommitments(),
                                good.ranges(),
                                good.limits()),
                "members");
        refused(
                () ->
                        new SubnetRecord(
                                good.id(),
                                good.type(),
                                good.members(),
                                good.publicKeyDer(),
                                good.highCommitments().subList(0, 2),
                                good.lowCommitments(),
                                good.ranges(),
                                good.limits()),
                "high key");
        refused(
                () ->
                        new SubnetRecord(
                                good.id(),
                                good.type(),
                                good.members(),
                                good.publicKeyDer(),
                                good.highCommitments(),
                                good.lowCommitments(),
                                List.of(new CanisterRange(0, 9), new CanisterRange(9, 12)),
                                good.limits()),
                "overlap");
        refused(() -> new CanisterRange(-1, 0), "upward");
    }

    private static void refused(Runnable construction, String word) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, construction::run);
        assertTrue(e.getMessage().contains(word), e.getMessage());
    }

    /// A registry of random bytes with an application subnet, and an NNS subnet unless `nns` is 0.
    private static Registry registry(Prng random, int nns, int nodes) {
        SortedMap<NodeId, NodeRecord> records = new TreeMap<>();
        SortedMap<SubnetId, SubnetRecord> subnets = new TreeMap<>();
        SubnetRecord application = subnet(random, SubnetType.APPLICATION, "", nodes, 1, records);
        subnets.put(application.id(), application);
        SubnetId root = application.id();
        if (nns > 0) {
            SubnetRecord subnet = subnet(random, SubnetType.NNS, "nns", nns, 0, records);
            subnets.put(subnet.id(), subnet);
            root = subnet.id();
        }
        return new Registry(
                new RegistryVersion(1), records, subnets, root, 1_700_000_000_123_456_789L);
    }

    private static SubnetRecord subnet(
            Prng random,
            SubnetType type,
            String prefix,
            int count,
            int index,
            SortedMap<NodeId, NodeRecord> records) {
        SubnetId id = new SubnetId(Principal.of(random.bytes(29)));
        List<NodeId> members = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            NodeId node = new NodeId(Principal.of(random.bytes(29)));
            members.add(node);
            records.put(
                    node,
                    new NodeRecord(
                            node,
                            prefix + i,
                            id,
                            Blob.of(random.bytes(44)),
                            Blob.of(random.bytes(300)),
                            "127.0.0.1",
                            5000 + i,
                            "localhost",
                            4942 + i));
        }
        members.sort(null);
        List<Blob> high = points(random, Quorum.of(count).notary());
        byte[] der = random.bytes(133);
        System.arraycopy(high.getFirst().shared(), 0, der, 37, 96);
        return new SubnetRecord(
                id,
                type,
                members,
                Blob.of(der),
                high,
                points(random, Quorum.of(count).low()),
                List.of(CanisterRange.ofIndex(index)),
                SubnetLimits.local());
    }

    private static List<Blob> points(Prng random, int count) {
        List<Blob> points = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            points.add(Blob.of(random.bytes(96)));
        }
        return points;
    }
}
