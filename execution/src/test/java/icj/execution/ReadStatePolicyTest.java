package icj.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.candid.Principal;
import icj.execution.ReadStatePolicy.Endpoint;
import icj.execution.ReadStatePolicy.Verdict;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.SubnetId;
import icj.types.message.IngressBody;
import icj.types.message.RequestContent;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

final class ReadStatePolicyTest {
    private static final SubnetId ROOT = new SubnetId(Principal.of(new byte[] {7, 7}));
    private static final Principal OTHER = Principal.of(new byte[] {9, 9});

    private final TestSubnet subnet = new TestSubnet();
    private final ReadStatePolicy policy =
            new ReadStatePolicy(List.of(TestSubnet.SUBNET, ROOT), ROOT, TestSubnet.SUBNET);
    private CanisterId canister;
    private IngressBody call;

    @BeforeEach
    void makeACanisterAndACall() {
        canister = subnet.universalCanister();
        call = subnet.call(canister, Program.start().reply());
        subnet.batch(call);
    }

    private static Blob label(String text) {
        return Blob.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Blob label(Principal id) {
        return Blob.owning(id.toBytes());
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // The list of paths is only read.
    private Verdict check(Principal sender, Endpoint endpoint, List<Blob>... paths) {
        List<List<Blob>> list = new ArrayList<>();
        for (List<Blob> path : paths) {
            list.add(path);
        }
        return policy.check(
                subnet.state(), new RequestContent.ReadState(sender, 0, null, list), endpoint);
    }

    @SafeVarargs
    private int status(Principal sender, Endpoint endpoint, List<Blob>... paths) {
        return switch (check(sender, endpoint, paths)) {
            case Verdict.Allowed _ -> 200;
            case Verdict.Refused(int status, _) -> status;
        };
    }

    private Endpoint v2() {
        return new Endpoint.Canister(2, canister);
    }

    private Endpoint v3() {
        return new Endpoint.Canister(3, canister);
    }

    private List<String> revealed(Verdict verdict) {
        List<String> texts = new ArrayList<>();
        for (List<Blob> path : assertInstanceOf(Verdict.Allowed.class, verdict).paths()) {
            texts.add(new String(path.getLast().toBytes(), StandardCharsets.UTF_8));
        }
        return texts;
    }

    @Test
    void noPathsAndTimeAreForEverybody() {
        assertEquals(200, status(OTHER, v3()));
        assertEquals(200, status(OTHER, v3(), List.of(label("time"))));
    }

    @Test
    void onlyTheSenderReadsTheStatusOfARequest() {
        List<Blob> path =
                List.of(label("request_status"), Blob.owning(call.id().digest().toBytes()));
        assertEquals(200, status(TestSubnet.USER, v3(), path));
        assertEquals(403, status(OTHER, v3(), path));
        CanisterId another = CanisterId.ofNumber(3);
        assertEquals(403, status(TestSubnet.USER, new Endpoint.Canister(3, another), path));
        List<Blob> unknown = List.of(label("request_status"), Blob.owning(new byte[32]));
        assertEquals(200, status(OTHER, v3(), unknown));
        assertEquals(400, status(TestSubnet.USER, v3(), path, unknown));
        assertEquals(
                400,
                status(OTHER, v3(), List.of(label("request_status"), Blob.owning(new byte[31]))));
    }

    @Test
    void whatACanisterShows() {
        Blob id = label(canister.principal());
        for (String open :
                new String[] {
                    "module_hash",
                    "controllers",
                    "canister_creation_timestamp",
                    "last_install_timestamp"
                }) {
            assertEquals(200, status(OTHER, v3(), List.of(label("canister"), id, label(open))));
        }
        assertEquals(
                404, status(OTHER, v3(), List.of(label("canister"), id, label("certified_data"))));
        assertEquals(404, status(OTHER, v3(), List.of(label("canister"), id)));
        assertEquals(404, status(OTHER, v3(), List.of(label("canister"))));
        Blob other = label(CanisterId.ofNumber(3).principal());
        assertEquals(
                400, status(OTHER, v3(), List.of(label("canister"), other, label("controllers"))));
        assertEquals(
                200,
                status(
                        OTHER,
                        v3(),
                        List.of(label("canister"), id, label("metadata"), label("missing"))));
        Blob notText = Blob.of(new byte[] {(byte) 0xff});
        assertEquals(
                400,
                status(OTHER, v3(), List.of(label("canister"), id, label("metadata"), notText)));
    }

    @Test
    void aPrivateSectionIsForControllersOnly() {
        CanisterId sectioned = subnet.create("");
        Blob module = Blob.owning(withSections(TestSubnet.universal().toBytes()));
        TestSubnet.replied(subnet.install(sectioned, "install", module, Program.start()));
        Blob id = label(sectioned.principal());
        Endpoint endpoint = new Endpoint.Canister(3, sectioned);
        List<Blob> open = List.of(label("canister"), id, label("metadata"), label("shown"));
        List<Blob> hidden = List.of(label("canister"), id, label("metadata"), label("hidden"));
        assertEquals(200, status(OTHER, endpoint, open));
        Verdict.Refused refused =
                assertInstanceOf(Verdict.Refused.class, check(OTHER, endpoint, hidden));
        assertEquals(403, refused.status());
        assertEquals(
                "The custom section hidden can be read by controllers only.", refused.message());
        assertEquals(403, status(OTHER, endpoint, open, hidden));
        assertEquals(List.of("hidden"), revealed(check(TestSubnet.USER, endpoint, hidden)));
        assertEquals(label("for few"), CertifiedTreeTest.tree(subnet.state()).value(hidden));
        // Whoever stops being a controller reads it no longer.
        TestSubnet.replied(
                subnet.manage(
                        "update_settings",
                        "(record { canister_id = principal \""
                                + sectioned
                                + "\"; settings = record { controllers = opt vec { principal \""
                                + OTHER
                                + "\" } } })"));
        assertEquals(403, status(TestSubnet.USER, endpoint, hidden));
        assertEquals(200, status(OTHER, endpoint, hidden));
    }

    /// The module with one custom section for all and one for its controllers.
    private static byte[] withSections(byte[] module) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(module);
        section(out, "icp:public shown", "for all");
        section(out, "icp:private hidden", "for few");
        return out.toByteArray();
    }

    private static void section(ByteArrayOutputStream out, String name, String content) {
        out.write(0);
        out.write(1 + name.length() + content.length());
        out.write(name.length());
        out.writeBytes(name.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatEachEndpointShowsOfSubnets() {
        List<Blob> all = List.of(label("subnet"));
        assertEquals(
                List.of(
                        "public_key",
                        "type",
                        "node",
                        "canister_ranges",
                        "public_key",
                        "type",
                        "canister_ranges"),
                revealed(check(OTHER, v2(), all)));
        assertEquals(
                List.of("public_key", "type", "node", "public_key", "type", "canister_ranges"),
                revealed(check(OTHER, v3(), all)));
        List<Blob> metrics =
                List.of(label("subnet"), label(TestSubnet.SUBNET.principal()), label("metrics"));
        assertEquals(404, status(OTHER, v3(), metrics));
        Endpoint own = new Endpoint.Subnet(3, TestSubnet.SUBNET);
        assertEquals(200, status(OTHER, own, metrics));
        assertTrue(revealed(check(OTHER, own, all)).contains("metrics"));
        List<Blob> ranges =
                List.of(
                        label("subnet"),
                        label(TestSubnet.SUBNET.principal()),
                        label("canister_ranges"));
        assertEquals(200, status(OTHER, v2(), ranges));
        assertEquals(404, status(OTHER, v3(), ranges));
        List<Blob> shard = List.of(label("canister_ranges"), label(TestSubnet.SUBNET.principal()));
        assertEquals(404, status(OTHER, v3(), shard));
        assertEquals(200, status(OTHER, own, shard));
    }

    @Test
    void everythingElseIsNotFound() {
        assertEquals(404, status(OTHER, v3(), List.of()));
        assertEquals(404, status(OTHER, v3(), List.of(label("metadata"), label("state_root"))));
        assertEquals(404, status(OTHER, v3(), List.of(label("nonsense"))));
    }
}
