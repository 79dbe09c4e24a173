package icj.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import icj.candid.Principal;
import icj.crypto.Domain;
import icj.crypto.NodeSigner;
import icj.crypto.bls.KeyDealer;
import icj.crypto.bls.SubnetKeys;
import icj.crypto.certificate.CanisterRanges;
import icj.crypto.certificate.Certificate;
import icj.crypto.certificate.HashTree;
import icj.crypto.certificate.SubnetDelegation;
import icj.crypto.ingress.EnvelopeVerifier;
import icj.crypto.ingress.Verdict;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.RequestId;
import icj.types.SubnetId;
import icj.types.message.Envelope;
import icj.types.message.RequestContent;
import icj.types.message.RequestKind;
import icj.wire.Leb128;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborValue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// The interface of a node with real keys and real certificates, but with answers that a test
/// chooses: also those that no honest node gives.
final class TestNode implements AutoCloseable {
    static final SecureRandom RANDOM = new SecureRandom();

    final KeyDealer.Dealing root = KeyDealer.deal(1, 1, RANDOM);
    final KeyDealer.Dealing application = KeyDealer.deal(1, 1, RANDOM);
    final SubnetId rootSubnet = SubnetKeys.subnetId(root.key().publicKey());
    final SubnetId subnet = SubnetKeys.subnetId(application.key().publicKey());
    final List<Envelope> received = new CopyOnWriteArrayList<>();
    final List<String> paths = new CopyOnWriteArrayList<>();

    /// What a test may change.
    volatile NodeSigner signer = NodeSigner.generate(RANDOM);

    volatile CanisterRanges ranges = range(0, 1000);
    volatile long offsetNanos;
    volatile boolean forgeCertificates;
    volatile boolean rootOnly;
    volatile Calls calls =
            (envelope, call) -> certified(envelope.id(), "replied", "reply", call.arg());
    volatile Queries queries = this::sign;
    volatile Reads reads = (id, read) -> new TreeMap<>();

    private final HttpServer server;

    interface Calls {
        Answer answer(Envelope envelope, RequestContent.Call call);
    }

    interface Queries {
        CborValue answer(RequestId id, Blob arg, long now);
    }

    /// Adds what the certified state holds beside time and subnet.
    interface Reads {
        Map<String, Object> more(RequestId id, RequestContent.ReadState read);
    }

    /// Thrown instead of an answer: the connection breaks.
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    record Answer(int status, byte[] body) {
        static Answer cbor(CborValue value) {
            return new Answer(200, Cbor.encodeTagged(value).toBytes());
        }
    }

    TestNode() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    Agent.Builder agent() {
        return Agent.builder(address()).rootKey(root.key().publicKey().der());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        Answer answer;
        try {
            String path = exchange.getRequestURI().getPath();
            paths.add(path);
            answer = answer(path, Blob.owning(exchange.getRequestBody().readAllBytes()));
        } catch (Broken e) {
            exchange.close();
            return;
        } catch (Exception | AssertionError e) {
            answer = new Answer(400, String.valueOf(e).getBytes());
        }
        exchange.sendResponseHeaders(
                answer.status, answer.body.length == 0 ? -1 : answer.body.length);
        exchange.getResponseBody().write(answer.body);
        exchange.close();
    }

    private Answer answer(String path, Blob body) throws Exception {
        if (path.equals("/api/v2/status")) {
            return Answer.cbor(
                    CborValue.Dictionary.builder()
                            .bytes("root_key", root.key().publicKey().der())
                            .text("replica_health_status", "healthy")
                            .nat("certified_height", 7)
                            .build());
        }
        if (path.startsWith("/api/v4/canister/") && path.endsWith("/call")) {
            Envelope envelope = verified(body, RequestKind.CALL);
            return calls.answer(envelope, (RequestContent.Call) envelope.content());
        }
        if (path.startsWith("/api/v3/canister/") && path.endsWith("/query")) {
            Envelope envelope = verified(body, RequestKind.QUERY);
            RequestContent.Query query = (RequestContent.Query) envelope.content();
            return Answer.cbor(queries.answer(envelope.id(), query.arg(), now()));
        }
        if (path.startsWith("/api/v3/canister/") && path.endsWith("/read_state")) {
            Envelope envelope = verified(body, RequestKind.READ_STATE);
            RequestContent.ReadState read = (RequestContent.ReadState) envelope.content();
            Map<String, Object> tree = new TreeMap<>(reads.more(envelope.id(), read));
            return Answer.cbor(
                    CborValue.Dictionary.builder().bytes("certificate", certificate(tree)).build());
        }
        return new Answer(404, "no such route".getBytes());
    }

    private Envelope verified(Blob body, RequestKind kind) throws Exception {
        Envelope envelope = Envelope.decode(body, kind);
        if (EnvelopeVerifier.verify(envelope, now()) instanceof Verdict.Invalid(String reason)) {
            throw new IllegalArgumentException(reason);
        }
        received.add(envelope);
        return envelope;
    }

    long now() {
        return System.currentTimeMillis() * 1_000_000L + offsetNanos;
    }

    /// An answer to a call whose certificate says so.
    Answer certified(RequestId id, String status, Object... fields) {
        Map<String, Object> tree = requestStatus(id, status, fields);
        return Answer.cbor(
                CborValue.Dictionary.builder()
                        .text("status", "replied")
                        .bytes("certificate", certificate(tree))
                        .build());
    }

    static Map<String, Object> requestStatus(RequestId id, String status, Object... fields) {
        Map<String, Object> request = new TreeMap<>();
        request.put("status", text(status));
        for (int i = 0; i < fields.length; i += 2) {
            request.put((String) fields[i], fields[i + 1]);
        }
        Map<String, Object> all = new TreeMap<>();
        all.put("request_status", Map.of(latin(id.digest().shared()), request));
        return all;
    }

    Blob certificate(Map<String, Object> contents) {
        SubnetId self = rootOnly ? rootSubnet : subnet;
        Map<String, Object> tree = new TreeMap<>(contents);
        tree.put("time", Blob.owning(Leb128.unsigned(now())));
        Map<String, Object> subnetTree = new TreeMap<>();
        subnetTree.put(
                "node",
                Map.of(
                        latin(signer.nodeId().principal().toBytes()),
                        Map.of("public_key", signer.publicKeyDer())));
        if (rootOnly) {
            subnetTree.put("canister_ranges", ranges.encode());
        }
        tree.put("subnet", Map.of(latin(self.principal().toBytes()), subnetTree));
        HashTree hashTree = tree(tree);
        KeyDealer.Dealing key = rootOnly ? root : application;
        Certificate certificate =
                new Certificate(
                        hashTree,
                        signature(forgeCertificates ? KeyDealer.deal(1, 1, RANDOM) : key, hashTree),
                        rootOnly ? null : delegation());
        return certificate.encode();
    }

    private SubnetDelegation delegation() {
        Map<String, Object> vouched = new TreeMap<>();
        vouched.put("public_key", application.key().publicKey().der());
        vouched.put("canister_ranges", ranges.encode());
        Map<String, Object> tree = new TreeMap<>();
        tree.put("time", Blob.owning(Leb128.unsigned(now())));
        tree.put("subnet", Map.of(latin(subnet.principal().toBytes()), vouched));
        HashTree hashTree = tree(tree);
        return new SubnetDelegation(
                subnet, new Certificate(hashTree, signature(root, hashTree), null).encode());
    }

    private static Blob signature(KeyDealer.Dealing key, HashTree tree) {
        return key.shares().get(0).sign(Domain.stateRoot(tree.digest())).signature();
    }

    CborValue sign(RequestId id, Blob arg, long now) {
        return replied(arg, now, signer, Domain.queryReplied(arg, now, id));
    }

    static CborValue replied(Blob arg, long now, NodeSigner signer, byte[] signed) {
        return CborValue.Dictionary.builder()
                .text("status", "replied")
                .put("reply", CborValue.Dictionary.builder().bytes("arg", arg).build())
                .put("signatures", signatures(now, signer, signed))
                .build();
    }

    static CborValue signatures(long now, NodeSigner signer, byte[] signed) {
        return new CborValue.Array(
                List.of(
                        CborValue.Dictionary.builder()
                                .nat("timestamp", now)
                                .bytes("signature", signer.sign(signed))
                                .bytes(
                                        "identity",
                                        Blob.owning(signer.nodeId().principal().toBytes()))
                                .build()));
    }

    static CanisterRanges range(long first, long last) {
        return new CanisterRanges(
                List.of(
                        new CanisterRanges.Range(
                                CanisterId.ofNumber(first).principal(),
                                CanisterId.ofNumber(last).principal())));
    }

    static Blob text(String value) {
        return HashTree.label(value);
    }

    /// Labels as strings whose characters are bytes, so that maps sort them bytewise.
    static String latin(byte[] bytes) {
        return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    @SuppressWarnings("unchecked") // values are blobs or maps of the same kind
    static HashTree tree(Map<String, Object> contents) {
        List<HashTree> trees = new ArrayList<>();
        new TreeMap<>(contents)
                .forEach((label, value) ->
                        trees.add(
                                new HashTree.Labeled(
                                        Blob.owning(
                                                label.getBytes(
                                                        java.nio.charset.StandardCharsets
                                                                .ISO_8859_1)),
                                        value instanceof Blob leaf
                                                ? new HashTree.Leaf(leaf)
                                                : tree((Map<String, Object>) value))));
        return fork(trees);
    }

    private static HashTree fork(List<HashTree> trees) {
        if (trees.isEmpty()) {
            return HashTree.EMPTY;
        }
        if (trees.size() == 1) {
            return trees.get(0);
        }
        int middle = trees.size() / 2;
        return new HashTree.Fork(
                fork(trees.subList(0, middle)), fork(trees.subList(middle, trees.size())));
    }

    static CanisterId canister(int number) {
        return CanisterId.ofNumber(number);
    }

    static Principal principal(int last) {
        return Principal.of(new byte[] {1, (byte) last});
    }
}
