package icj.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import icj.candid.Principal;
import icj.crypto.certificate.CanisterRanges;
import icj.crypto.certificate.HashTree;
import icj.state.model.ReplicatedState;
import icj.state.tree.LabelTree;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.NodeId;
import icj.types.RegistryVersion;
import icj.types.SubnetId;
import icj.types.message.IngressBody;
import icj.types.registry.CanisterRange;
import icj.types.registry.NodeRecord;
import icj.types.registry.Registry;
import icj.types.registry.SubnetLimits;
import icj.types.registry.SubnetRecord;
import icj.types.registry.SubnetType;
import icj.wire.Leb128;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/// What the tree shows is read back through its hash tree, as a client reads it.
final class CertifiedTreeTest {
    private static final SubnetId OWN = TestSubnet.SUBNET;
    private static final SubnetId ROOT = new SubnetId(Principal.of(filled(29, 7)));
    private static final NodeId OWN_NODE = new NodeId(Principal.of(filled(29, 8)));
    private static final NodeId ROOT_NODE = new NodeId(Principal.of(filled(29, 9)));

    private final TestSubnet subnet = new TestSubnet();
    private final Registry registry = registry();
    private final CertifiedTree trees = new CertifiedTree(registry, OWN);

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static Registry registry() {
        TreeMap<NodeId, NodeRecord> nodes = new TreeMap<>();
        nodes.put(OWN_NODE, node(OWN_NODE, OWN, 1));
        nodes.put(ROOT_NODE, node(ROOT_NODE, ROOT, 2));
        TreeMap<SubnetId, SubnetRecord> subnets = new TreeMap<>();
        subnets.put(OWN, subnet(OWN, SubnetType.APPLICATION, OWN_NODE, 1));
        subnets.put(ROOT, subnet(ROOT, SubnetType.NNS, ROOT_NODE, 0));
        return new Registry(new RegistryVersion(1), nodes, subnets, ROOT, TestSubnet.START);
    }

    private static NodeRecord node(NodeId id, SubnetId of, int key) {
        Blob certificate = Blob.of(new byte[1]);
        return new NodeRecord(
                id, "n" + key, of, key(44, key), certificate, "localhost", 1, "localhost", 2);
    }

    private static SubnetRecord subnet(SubnetId id, SubnetType type, NodeId member, int range) {
        List<Blob> commitments = List.of(key(96, range + 30));
        return new SubnetRecord(
                id,
                type,
                List.of(member),
                key(133, range + 30),
                commitments,
                commitments,
                List.of(CanisterRange.ofIndex(range)),
                SubnetLimits.local());
    }

    private static Blob key(int length, int value) {
        return Blob.owning(filled(length, value));
    }

    private static Blob label(String text) {
        return Blob.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Blob label(Principal id) {
        return Blob.owning(id.toBytes());
    }

    private static Blob number(long value) {
        return Blob.owning(Leb128.unsigned(value));
    }

    private HashTree now() {
        return tree(subnet.state());
    }

    /// All that is certified of a state.
    static HashTree tree(ReplicatedState state) {
        LabelTree tree = CertifiedTree.of(state, registry());
        HashTree shown = tree.witness(List.of(List.of()));
        assertEquals(tree.digest(), shown.digest());
        return shown;
    }

    private static void assertAbsent(HashTree tree, Blob... path) {
        assertInstanceOf(HashTree.Finding.Absent.class, tree.find(List.of(path)));
    }

    @Test
    void timeAndHeightAreThoseOfTheState() {
        subnet.batch();
        HashTree tree = now();
        assertEquals(
                number(subnet.state().time().value()), tree.value(List.of(CertifiedTree.TIME)));
        assertEquals(
                number(subnet.state().height().value()),
                tree.value(List.of(label("metadata"), label("height"))));
        assertEquals(
                Blob.owning(subnet.state().root().toBytes()),
                tree.value(List.of(label("metadata"), label("state_root"))));
    }

    @Test
    void everySubnetShowsItsKeyTypeAndRanges() throws Exception {
        HashTree tree = now();
        for (SubnetRecord record : registry.subnets().values()) {
            Blob id = label(record.id().principal());
            assertEquals(
                    record.publicKeyDer(),
                    tree.value(List.of(label("subnet"), id, label("public_key"))));
            boolean root = record.id().equals(ROOT);
            assertEquals(
                    label(root ? "system" : "application"),
                    tree.value(List.of(label("subnet"), id, label("type"))));
            CanisterRange only = record.ranges().getFirst();
            Blob ranges = tree.value(List.of(label("subnet"), id, label("canister_ranges")));
            assertNotNull(ranges);
            assertEquals(
                    List.of(
                            new CanisterRanges.Range(
                                    only.first().principal(), only.last().principal())),
                    CanisterRanges.decode(ranges).ranges());
            assertEquals(
                    ranges,
                    tree.value(
                            List.of(
                                    label("canister_ranges"),
                                    id,
                                    label(only.first().principal()))));
        }
    }

    @Test
    void nodesAndFiguresAreThoseOfTheOwnSubnetOnly() {
        HashTree tree = now();
        Blob own = label(OWN.principal());
        Blob root = label(ROOT.principal());
        Blob node = label(OWN_NODE.principal());
        assertEquals(
                registry.node(OWN_NODE).signingKeyDer(),
                tree.value(
                        List.of(label("subnet"), own, label("node"), node, label("public_key"))));
        assertNotNull(tree.value(List.of(label("subnet"), own, label("metrics"))));
        assertAbsent(tree, label("subnet"), root, label("node"));
        assertAbsent(tree, label("subnet"), root, label("metrics"));
    }

    @Test
    void whatIsEmptyIsNotThere() {
        HashTree tree = now();
        assertAbsent(tree, label("canister"));
        assertAbsent(tree, label("request_status"));
    }

    @Test
    void canistersAndCallsStandWhereClientsLook() {
        CanisterId canister = subnet.universalCanister();
        IngressBody call = subnet.call(canister, Program.start().certify("root").reply());
        subnet.batch(call);
        HashTree tree = now();
        Blob id = label(canister.principal());
        assertEquals(
                label("root"), tree.value(List.of(label("canister"), id, label("certified_data"))));
        assertEquals(
                Blob.owning(subnet.canister(canister).module().hash().toBytes()),
                tree.value(List.of(label("canister"), id, label("module_hash"))));
        Blob request = Blob.owning(call.id().digest().toBytes());
        assertEquals(
                label("replied"),
                tree.value(List.of(label("request_status"), request, label("status"))));
        assertNull(tree.value(List.of(label("request_status"), label("other"), label("status"))));
    }

    @Test
    void theTreeIsAFunctionOfStateAndRegistry() {
        LabelTree first = trees.of(subnet.state());
        subnet.batch();
        LabelTree second = trees.of(subnet.state());
        assertNotEquals(first.digest(), second.digest());
        assertEquals(second.digest(), trees.of(subnet.state()).digest());
        // A tree that comes after others has nothing of them.
        assertEquals(second.digest(), CertifiedTree.of(subnet.state(), registry).digest());
    }
}
