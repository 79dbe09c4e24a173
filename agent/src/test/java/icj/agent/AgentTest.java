package icj.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.candid.Principal;
import icj.crypto.Domain;
import icj.crypto.EcdsaSigningKey;
import icj.crypto.Ed25519SigningKey;
import icj.crypto.NodeSigner;
import icj.crypto.SigningKey;
import icj.crypto.provider.EcdsaCurve;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.RequestId;
import icj.types.message.Delegation;
import icj.types.message.RequestContent;
import icj.types.message.SignedDelegation;
import icj.wire.Leb128;
import icj.wire.cbor.CborValue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

@Timeout(60)
final class AgentTest {
    private static final CanisterId CANISTER = TestNode.canister(5);
    private static final Blob ARG = Blob.fromHex("4449444c0000");
    private static final long SECOND = 1_000_000_000L;

    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        node = new TestNode();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void returnsTheCertifiedReply() throws Exception {
        try (Agent agent = node.agent().build()) {
            assertEquals(ARG, agent.call(CANISTER, "m", ARG));
            RequestContent.Call call = (RequestContent.Call) node.received.get(0).content();
            assertEquals(Principal.ANONYMOUS, call.sender());
            assertEquals("m", call.method());
            assertEquals(List.of("/api/v4/canister/" + CANISTER + "/call"), node.paths);
        }
    }

    @Test
    void takesTheRootKeyFromTheNodeOnlyWhenAllowed() throws Exception {
        assertThrows(IllegalStateException.class, () -> Agent.builder(node.address()).build());
        try (Agent agent = Agent.builder(node.address()).fetchRootKey().build()) {
            assertEquals(node.root.key().publicKey().der(), agent.rootKey());
            assertTrue(agent.status().healthy());
            assertEquals(7, agent.status().certifiedHeight());
        }
    }

    @Test
    void everyKindOfIdentitySignsWhatANodeAccepts() throws Exception {
        SigningKey user = EcdsaSigningKey.generate(EcdsaCurve.SECP256K1, TestNode.RANDOM);
        SigningKey session = Ed25519SigningKey.generate(TestNode.RANDOM);
        Delegation delegation =
                new Delegation(session.publicKeyDer(), node.now() + 60 * SECOND, null, null);
        SignedDelegation signed =
                new SignedDelegation(delegation, user.sign(Domain.delegation(delegation.hash())));
        for (Identity identity :
                List.of(
                        Identity.of(Ed25519SigningKey.generate(TestNode.RANDOM)),
                        Identity.of(EcdsaSigningKey.generate(EcdsaCurve.P256, TestNode.RANDOM)),
                        Identity.of(user),
                        Identity.fromPem(Ed25519SigningKey.generate(TestNode.RANDOM).toPem()),
                        Identity.delegated(user.publicKeyDer(), List.of(signed), session))) {
            try (Agent agent = node.agent().identity(identity).build()) {
                assertEquals(ARG, agent.call(CANISTER, "m", ARG));
                assertEquals(ARG, agent.query(CANISTER, "m", ARG));
                assertEquals(identity.sender(), node.received.getLast().content().sender());
            }
        }
        assertTrue(Identity.of(user).toString().startsWith("Keyed["));
    }

    @Test
    void refusesCertificatesThatDoNotStand() throws Exception {
        try (Agent agent = node.agent().build()) {
            node.forgeCertificates = true;
            invalid("signature", () -> agent.call(CANISTER, "m", ARG));
            node.forgeCertificates = false;
            invalid("may not speak for", () -> agent.call(TestNode.canister(1001), "m", ARG));
            node.offsetNanos = -310 * SECOND;
            invalid("more than 5 minutes", () -> agent.call(CANISTER, "m", ARG));
            node.offsetNanos = 310 * SECOND;
            invalid("ahead of the clock", () -> agent.call(CANISTER, "m", ARG));
            node.offsetNanos = 0;
            node.calls =
                    (envelope, call) ->
                            TestNode.Answer.cbor(
                                    CborValue.Dictionary.builder()
                                            .bytes("certificate", Blob.fromHex("a0"))
                                            .build());
            invalid("malformed", () -> agent.call(CANISTER, "m", ARG));
            node.calls = (envelope, call) -> node.certified(envelope.id(), "replied");
            invalid("lacks the field reply", () -> agent.call(CANISTER, "m", ARG));
        }
        try (Agent stranger =
                Agent.builder(node.address())
                        .rootKey(node.application.key().publicKey().der())
                        .build()) {
            invalid("signature", () -> stranger.call(CANISTER, "m", ARG));
        }
    }

    @Test
    void tellsCertifiedRejectionsFromThoseOfOneNode() throws Exception {
        try (Agent agent = node.agent().build()) {
            node.calls =
                    (envelope, call) ->
                            node.certified(
                                    envelope.id(),
                                    "rejected",
                                    "reject_code",
                                    Blob.owning(Leb128.unsigned(4)),
                                    "reject_message",
                                    TestNode.text("no"),
                                    "error_code",
                                    TestNode.text("IC0406"));
            AgentException.Rejected certified = rejected(() -> agent.call(CANISTER, "m", ARG));
            assertTrue(certified.certified());
            assertEquals(4, certified.code());
            assertEquals("no", certified.rejection());
            assertEquals("IC0406", certified.errorCode());
            node.calls =
                    (envelope, call) ->
                            TestNode.Answer.cbor(
                                    CborValue.Dictionary.builder()
                                            .text("status", "non_replicated_rejection")
                                            .nat("reject_code", 3)
                                            .text("reject_message", "no canister")
                                            .build());
            AgentException.Rejected one = rejected(() -> agent.call(CANISTER, "m", ARG));
            assertFalse(one.certified());
            assertEquals(3, one.code());
            assertNull(one.errorCode());
        }
    }

    @Test
    void asksForTheOutcomeOfACallThatWasOnlyAccepted() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        node.calls = (envelope, call) -> new TestNode.Answer(202, new byte[0]);
        node.reads =
                (id, read) ->
                        switch (asked.incrementAndGet()) {
                            case 1 -> Map.of("request_status", Map.of());
                            case 2 ->
                                    TestNode.requestStatus(node.received.get(0).id(), "processing");
                            default ->
                                    TestNode.requestStatus(
                                            node.received.get(0).id(), "replied", "reply", ARG);
                        };
        try (Agent agent = node.agent().build()) {
            assertEquals(ARG, agent.call(CANISTER, "m", Blob.EMPTY));
            assertEquals(3, asked.get());
        }
    }

    @Test
    void knowsThatAnExpiredCallCannotRun() throws Exception {
        node.calls = (envelope, call) -> new TestNode.Answer(202, new byte[0]);
        node.reads = (id, read) -> Map.of("request_status", Map.of());
        try (Agent agent = node.agent().expiry(Duration.ofMillis(-1)).build()) {
            AgentException.TimedOut e =
                    assertThrows(
                            AgentException.TimedOut.class, () -> agent.call(CANISTER, "m", ARG));
            assertTrue(e.cannotRun());
            assertEquals(node.received.get(0).id(), e.request());
        }
        try (Agent agent = node.agent().callTimeout(Duration.ZERO).build()) {
            AgentException.TimedOut e =
                    assertThrows(
                            AgentException.TimedOut.class, () -> agent.call(CANISTER, "m", ARG));
            assertFalse(e.cannotRun());
        }
    }

    /// Ended five minutes ago, a call is as unknown as one that never was.
    @Test
    void aCallThatMayBeForgottenMayHaveRun() throws Exception {
        node.reads = (id, read) -> Map.of("request_status", Map.of());
        try (Agent agent = node.agent().build()) {
            RequestId request = agent.content(CANISTER, "m", ARG).id();
            AgentException.TimedOut e =
                    assertThrows(
                            AgentException.TimedOut.class,
                            () ->
                                    agent.await(
                                            CANISTER,
                                            request,
                                            node.now() - SECOND,
                                            Duration.ofSeconds(10)));
            assertFalse(e.cannotRun());
            assertTrue(e.getMessage().contains("forgotten"), e.getMessage());
        }
    }

    /// Whoever were told "refused" would call again, and the call would run twice.
    @Test
    void aRefusalAfterABrokenConnectionIsNoRefusal() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        node.calls =
                (envelope, call) -> {
                    if (asked.incrementAndGet() == 1) {
                        // The node took it and died before it could answer.
                        throw new TestNode.Broken();
                    }
                    return new TestNode.Answer(503, "The node is starting".getBytes());
                };
        node.reads =
                (id, read) ->
                        TestNode.requestStatus(node.received.get(0).id(), "replied", "reply", ARG);
        try (Agent agent = node.agent().patience(Duration.ofSeconds(3)).build()) {
            assertEquals(ARG, agent.call(CANISTER, "m", Blob.EMPTY));
        }
        // A node in between passed it on and heard nothing.
        node.calls = (envelope, call) -> new TestNode.Answer(504, "too long".getBytes());
        node.received.clear();
        try (Agent agent = node.agent().patience(Duration.ZERO).build()) {
            assertEquals(ARG, agent.call(CANISTER, "m", Blob.EMPTY));
        }
    }

    @Test
    void verifiesTheSignaturesOfQueries() throws Exception {
        try (Agent agent = node.agent().build()) {
            assertEquals(ARG, agent.query(CANISTER, "m", ARG));
            assertEquals(ARG, agent.query(CANISTER, "m", ARG));
            assertEquals(3, node.paths.size(), "the keys are read once: " + node.paths);

            node.queries = (id, arg, now) -> node.sign(id, arg, now - 310 * SECOND);
            invalid("310 seconds old", () -> agent.query(CANISTER, "m", ARG));
            node.queries =
                    (id, arg, now) ->
                            TestNode.replied(
                                    Blob.EMPTY,
                                    now,
                                    node.signer,
                                    Domain.queryReplied(arg, now, id));
            invalid("does not stand", () -> agent.query(CANISTER, "m", ARG));
            NodeSigner other = NodeSigner.generate(TestNode.RANDOM);
            node.queries =
                    (id, arg, now) ->
                            TestNode.replied(arg, now, other, Domain.queryReplied(arg, now, id));
            invalid("does not belong", () -> agent.query(CANISTER, "m", ARG));
            node.queries =
                    (id, arg, now) ->
                            CborValue.Dictionary.builder()
                                    .text("status", "replied")
                                    .put(
                                            "reply",
                                            CborValue.Dictionary.builder()
                                                    .bytes("arg", arg)
                                                    .build())
                                    .build();
            invalid("No node signed", () -> agent.query(CANISTER, "m", ARG));
        }
    }

    @Test
    void readsTheKeysAgainWhenTheSubnetGotANewNode() throws Exception {
        try (Agent agent = node.agent().build()) {
            assertEquals(ARG, agent.query(CANISTER, "m", ARG));
            node.signer = NodeSigner.generate(TestNode.RANDOM);
            assertEquals(ARG, agent.query(CANISTER, "m", ARG));
        }
    }

    @Test
    void verifiesRejectedQueriesToo() throws Exception {
        try (Agent agent = node.agent().build()) {
            node.queries =
                    (id, arg, now) ->
                            CborValue.Dictionary.builder()
                                    .text("status", "rejected")
                                    .nat("reject_code", 5)
                                    .text("reject_message", "trapped")
                                    .text("error_code", "IC0502")
                                    .put(
                                            "signatures",
                                            TestNode.signatures(
                                                    now,
                                                    node.signer,
                                                    Domain.queryRejected(
                                                            5, "trapped", "IC0502", now, id)))
                                    .build();
            AgentException.Rejected e = rejected(() -> agent.query(CANISTER, "m", ARG));
            assertEquals("Rejected with code 5 (IC0502): trapped", e.getMessage());
            node.queries =
                    (id, arg, now) ->
                            CborValue.Dictionary.builder()
                                    .text("status", "rejected")
                                    .nat("reject_code", 4)
                                    .text("reject_message", "trapped")
                                    .put(
                                            "signatures",
                                            TestNode.signatures(
                                                    now,
                                                    node.signer,
                                                    Domain.queryRejected(
                                                            5, "trapped", null, now, id)))
                                    .build();
            invalid("does not stand", () -> agent.query(CANISTER, "m", ARG));
        }
    }

    @Test
    void theRootSubnetIsBoundByItsCertifiedRanges() throws Exception {
        node.rootOnly = true;
        try (Agent agent = node.agent().build()) {
            assertEquals(ARG, agent.call(CANISTER, "m", ARG));
            assertEquals(ARG, agent.query(CANISTER, "m", ARG));
            invalid("does not host", () -> agent.query(TestNode.canister(2000), "m", ARG));
        }
    }

    @Test
    void readsCertifiedValuesAndTheirAbsence() throws Exception {
        String id = TestNode.latin(CANISTER.principal().toBytes());
        node.reads =
                (request, read) -> {
                    Map<String, Object> metadata = new TreeMap<>();
                    metadata.put("candid:service", TestNode.text("service : {}"));
                    Map<String, Object> canister = new TreeMap<>();
                    canister.put("metadata", metadata);
                    return Map.of("canister", Map.of(id, canister));
                };
        try (Agent agent = node.agent().build()) {
            assertEquals("service : {}", agent.candidService(CANISTER));
            assertNull(agent.metadata(CANISTER, "other"));
            assertNull(agent.moduleHash(CANISTER));
            CertifiedState state = agent.readState(CANISTER, List.of());
            assertEquals(node.subnet, state.subnet());
            assertTrue(Math.abs(state.timeNanos() - node.now()) < 60 * SECOND);
        }
    }

    @Test
    void triesAgainWhatMayPassAndNothingElse() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        TestNode.Calls good = node.calls;
        node.calls =
                (envelope, call) ->
                        asked.incrementAndGet() < 3
                                ? new TestNode.Answer(503, "starting".getBytes())
                                : good.answer(envelope, call);
        try (Agent agent = node.agent().patience(Duration.ofSeconds(30)).build()) {
            assertEquals(ARG, agent.call(CANISTER, "m", ARG));
            assertEquals(3, asked.get());
            assertEquals(node.received.get(0).id(), node.received.get(2).id());
            node.calls =
                    (envelope, call) -> {
                        asked.incrementAndGet();
                        return new TestNode.Answer(403, "not you".getBytes());
                    };
            AgentException.Refused e =
                    assertThrows(
                            AgentException.Refused.class, () -> agent.call(CANISTER, "m", ARG));
            assertEquals(403, e.status());
            assertTrue(e.getMessage().contains("not you"));
            assertEquals(4, asked.get());
        }
        node.calls = (envelope, call) -> new TestNode.Answer(503, "starting".getBytes());
        try (Agent agent = node.agent().patience(Duration.ZERO).build()) {
            assertEquals(
                    503,
                    assertThrows(AgentException.Refused.class, () -> agent.call(CANISTER, "m", ARG))
                            .status());
        }
    }

    @Test
    void saysThatNobodyAnswers() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (Agent agent =
                Agent.builder(URI.create("http://127.0.0.1:" + port))
                        .rootKey(node.root.key().publicKey().der())
                        .patience(Duration.ZERO)
                        .build()) {
            AgentException.Unreachable e =
                    assertThrows(
                            AgentException.Unreachable.class, () -> agent.call(CANISTER, "m", ARG));
            assertFalse(e.mayHaveArrived());
            assertTrue(e.getMessage().contains("No node answers"), e.getMessage());
        }
    }

    @Test
    void answersThatMakeNoSenseAreMalformed() throws Exception {
        try (Agent agent = node.agent().build()) {
            node.calls = (envelope, call) -> new TestNode.Answer(200, new byte[] {1, 2});
            assertThrows(AgentException.Malformed.class, () -> agent.call(CANISTER, "m", ARG));
            node.calls =
                    (envelope, call) ->
                            TestNode.Answer.cbor(CborValue.Dictionary.builder().build());
            assertThrows(AgentException.Malformed.class, () -> agent.call(CANISTER, "m", ARG));
            node.queries =
                    (id, arg, now) ->
                            CborValue.Dictionary.builder().text("status", "maybe").build();
            assertThrows(AgentException.Malformed.class, () -> agent.query(CANISTER, "m", ARG));
        }
    }

    private interface Attempt {
        void run() throws Exception;
    }

    private static void invalid(String reason, Attempt attempt) {
        AgentException.CertificateInvalid e =
                assertThrows(AgentException.CertificateInvalid.class, attempt::run);
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    private static AgentException.Rejected rejected(Attempt attempt) {
        return assertThrows(AgentException.Rejected.class, attempt::run);
    }
}
