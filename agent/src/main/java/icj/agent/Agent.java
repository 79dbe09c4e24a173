package icj.agent;

import icj.candid.Principal;
import icj.crypto.KeyFormatException;
import icj.crypto.certificate.CanisterRanges;
import icj.crypto.certificate.Certificate;
import icj.crypto.certificate.CertificateVerdict;
import icj.crypto.certificate.CertificateVerifier;
import icj.crypto.certificate.HashTree;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.RequestId;
import icj.types.message.Envelope;
import icj.types.message.RequestContent;
import icj.wire.MalformedException;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborFields;
import icj.wire.cbor.CborLimits;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// A client of one node. It believes nothing that the subnet or a node of it did not sign: replies
/// to calls and reads of the state come with certificates that lead to the root key, answers to
/// queries with signatures of nodes.
///
/// ```
/// try (Agent agent = Agent.builder(URI.create("http://127.0.0.1:4943")).fetchRootKey().build()) {
///     Blob reply = agent.call(canister, "inc", Blob.owning(Candid.encode(List.of())));
/// }
/// ```
///
/// Safe for several threads. Methods block.
public final class Agent implements AutoCloseable {
    static final CborLimits ANSWER = new CborLimits(16 * 1024 * 1024, 16, 100_000);

    private static final Duration QUERY_KEYS_AGE_MAX = Duration.ofMinutes(5);
    private static final int QUERY_KEYS_REMEMBERED = 1000;
    private static final int NONCE_LENGTH = 16;
    private static final int CERTIFICATE_LENGTH_MAX = 16 * 1024 * 1024;

    /// Blocks take a call at most so long before its expiry.
    private static final long LIFETIME_NANOS_MAX = 300_000_000_000L;

    private static final Blob SUBNET = HashTree.label("subnet");
    private static final Blob CANISTER_RANGES = HashTree.label("canister_ranges");

    private final Transport transport;
    private final CertificateVerifier verifier;
    private final Blob rootKey;
    private final Identity identity;
    private final Clock clock;
    private final Duration expiry;
    private final Duration callTimeout;
    private final boolean verifyQueries;
    private final SecureRandom random = new SecureRandom();
    private final ConcurrentHashMap<Principal, NodeKeys> nodeKeys;

    private Agent(
            Transport transport,
            CertificateVerifier verifier,
            Blob rootKey,
            Identity identity,
            Builder settings,
            ConcurrentHashMap<Principal, NodeKeys> nodeKeys) {
        this.transport = transport;
        this.verifier = verifier;
        this.rootKey = rootKey;
        this.identity = identity;
        this.clock = settings.clock;
        this.expiry = settings.expiry;
        this.callTimeout = settings.callTimeout;
        this.verifyQueries = settings.verifyQueries;
        this.nodeKeys = nodeKeys;
    }

    /// Settings for an agent of the node at this address, as `http://127.0.0.1:4943`.
    public static Builder builder(URI node) {
        return new Builder(node);
    }

    /// The settings of an [Agent]. Methods return this builder.
    public static final class Builder {
        private final URI node;
        private @Nullable Blob rootKey;
        private boolean fetchRootKey;
        private Identity identity = Identity.anonymous();
        private Clock clock = Clock.systemUTC();
        private Duration expiry = Duration.ofMinutes(4);
        private Duration callTimeout = Duration.ofMinutes(2);
        private Duration patience = Duration.ofSeconds(3);
        private Duration answerTimeout = Duration.ofSeconds(60);
        private boolean verifyQueries = true;

        private Builder(URI node) {
            this.node = node;
        }

        /// The network's root key, DER of 133 bytes, from a source that is trusted.
        public Builder rootKey(Blob der) {
            rootKey = der;
            return this;
        }

        /// Takes the root key from the node itself. Whoever can change that answer can forge all
        /// others: for networks on the same machine only.
        public Builder fetchRootKey() {
            fetchRootKey = true;
            return this;
        }

        /// Who sends; the anonymous sender unless set.
        public Builder identity(Identity sender) {
            identity = sender;
            return this;
        }

        /// How long a call may wait to be started; 4 minutes unless set, 5 are the most.
        public Builder expiry(Duration duration) {
            expiry = duration;
            return this;
        }

        /// How long [Agent#call] waits for the outcome; 2 minutes unless set.
        public Builder callTimeout(Duration duration) {
            callTimeout = duration;
            return this;
        }

        /// How long failures that may pass by themselves are tried again; 3 seconds unless set.
        public Builder patience(Duration duration) {
            patience = duration;
            return this;
        }

        /// How long one answer of the node may take; a minute unless set.
        public Builder answerTimeout(Duration duration) {
            answerTimeout = duration;
            return this;
        }

        /// Whether answers to queries must be signed; true unless set.
        public Builder verifyQueries(boolean verify) {
            verifyQueries = verify;
            return this;
        }

        /// Another clock, for tests.
        public Builder clock(Clock other) {
            clock = other;
            return this;
        }

        /// The agent.
        ///
        /// @throws AgentException when the root key is to be fetched and that fails
        /// @throws IllegalStateException when there is neither a root key nor leave to fetch it
        /// @throws IllegalArgumentException when the root key given is none
        public Agent build() throws AgentException {
            Transport transport = new Transport(node, patience, answerTimeout);
            try {
                Blob key = rootKey;
                if (key == null) {
                    if (!fetchRootKey) {
                        throw new IllegalStateException(
                                "An agent needs the root key of its network");
                    }
                    key = status(transport).rootKey();
                }
                return new Agent(
                        transport,
                        CertificateVerifier.of(key),
                        key,
                        identity,
                        this,
                        new ConcurrentHashMap<>());
            } catch (KeyFormatException e) {
                transport.close();
                if (rootKey == null) {
                    throw new AgentException.Malformed("The node's root key is malformed", e);
                }
                throw new IllegalArgumentException("The root key is malformed", e);
            } catch (AgentException | RuntimeException e) {
                transport.close();
                throw e;
            }
        }
    }

    /// The address of the node.
    public URI node() {
        return transport.node();
    }

    /// The root key that everything is verified against, DER.
    public Blob rootKey() {
        return rootKey;
    }

    /// Who sends.
    public Identity identity() {
        return identity;
    }

    /// The management canister, to which methods belong that make and change canisters.
    public ManagementCanister management() {
        return new ManagementCanister(this);
    }

    /// Asks the node about itself.
    public NodeStatus status() throws AgentException {
        return status(transport);
    }

    private static NodeStatus status(Transport transport) throws AgentException {
        try {
            return NodeStatus.decode(transport.get("/api/v2/status").body());
        } catch (MalformedException e) {
            throw new AgentException.Malformed(e.getMessage(), e);
        }
    }

    /// Calls a method of a canister and waits for its reply.
    ///
    /// @throws AgentException.Rejected when the call ends so
    /// @throws AgentException.TimedOut when the outcome is not known in time
    public Blob call(CanisterId canister, String method, Blob arg) throws AgentException {
        return call(canister, canister, method, arg);
    }

    /// Calls a method by way of another effective canister id, as calls to the management canister
    /// need.
    ///
    /// @param effective which decides the subnet
    public Blob call(CanisterId effective, CanisterId canister, String method, Blob arg)
            throws AgentException {
        long giveUp = System.nanoTime() + callTimeout.toNanos();
        long signed = nowNanos();
        RequestContent.Call content = content(canister, method, arg);
        Submission submission;
        try {
            submission = submit(effective, content);
        } catch (AgentException.TimedOut e) {
            // It may have arrived: the network knows.
            submission = new Submission.Accepted(e.request(), content.ingressExpiryNanos());
        }
        return switch (submission) {
            case Submission.Replied(RequestId _, Blob reply) -> reply;
            case Submission.Accepted(RequestId request, long expiryNanos) ->
                    await(effective, request, expiryNanos, signed, giveUp);
        };
    }

    /// The content of a call of this identity, valid from now on, with a fresh nonce.
    public RequestContent.Call content(CanisterId canister, String method, Blob arg) {
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        return new RequestContent.Call(
                identity.sender(), expiryNanos(), Blob.owning(nonce), canister, method, arg);
    }

    /// Hands in a call. Handing in the same content again is harmless: it runs once.
    ///
    /// @throws AgentException.Rejected when the call was refused or has ended so
    /// @throws AgentException.TimedOut when the node may have taken it but did not say so, or when
    ///   its outcome is already forgotten
    public Submission submit(CanisterId effective, RequestContent.Call content)
            throws AgentException {
        Envelope envelope = identity.sign(content);
        Transport.Answer answer;
        try {
            answer = transport.post("/api/v4/canister/" + effective + "/call", envelope.bytes());
        } catch (AgentException.Unreachable e) {
            throw e.mayHaveArrived() ? mayHaveArrived(envelope.id(), e) : e;
        } catch (AgentException.Refused e) {
            throw e.mayHaveArrived() ? mayHaveArrived(envelope.id(), e) : e;
        }
        Submission accepted = new Submission.Accepted(envelope.id(), content.ingressExpiryNanos());
        if (answer.status() == 202) {
            return accepted;
        }
        Blob reply = callReply(effective, envelope.id(), answer.body());
        return reply == null ? accepted : new Submission.Replied(envelope.id(), reply);
    }

    /// Whoever calls again now has the call executed twice.
    private static AgentException mayHaveArrived(RequestId request, AgentException e) {
        return new AgentException.TimedOut(
                request, false, e.getMessage() + "; the call may have arrived");
    }

    /// What an answer to a call says, for clients with a transport of their own: the certified
    /// reply, or null when the certificate holds no outcome yet.
    ///
    /// @param effective as in the address
    /// @param request the call
    /// @param answer the body of an answer with status 200
    /// @throws AgentException.Rejected when the call was refused or has ended so
    /// @throws AgentException.CertificateInvalid when the certificate does not stand
    public @Nullable Blob callReply(CanisterId effective, RequestId request, Blob answer)
            throws AgentException {
        try {
            CborFields fields =
                    CborFields.of(Cbor.decode(answer, ANSWER), "the answer to the call");
            Blob certificate = fields.optionalBytes("certificate", CERTIFICATE_LENGTH_MAX);
            if (certificate == null) {
                throw QueryAnswer.rejection(fields);
            }
            return Outcome.of(verify(certificate, effective), request);
        } catch (MalformedException e) {
            throw new AgentException.Malformed(e.getMessage(), e);
        }
    }

    /// Waits for the outcome of a call that was handed in.
    ///
    /// @param effective as when it was handed in
    /// @param expiryNanos the call's, nanoseconds since 1970
    /// @param timeout how long
    public Blob await(CanisterId effective, RequestId request, long expiryNanos, Duration timeout)
            throws AgentException {
        long signed = expiryNanos - LIFETIME_NANOS_MAX;
        long giveUp = System.nanoTime() + timeout.toNanos();
        return await(effective, request, expiryNanos, signed, giveUp);
    }

    private Blob await(
            CanisterId effective, RequestId request, long expiryNanos, long signed, long giveUp)
            throws AgentException {
        return new Outcome(request, expiryNanos, signed)
                .await(path -> readState(effective, List.of(path)), transport::pause, giveUp);
    }

    /// Asks a method of a canister, without effect. One node answers and signs.
    ///
    /// @throws AgentException.Rejected when the query ends so
    public Blob query(CanisterId canister, String method, Blob arg) throws AgentException {
        return query(canister, canister, method, arg);
    }

    /// Asks by way of another effective canister id.
    ///
    /// @param effective which decides the subnet
    public Blob query(CanisterId effective, CanisterId canister, String method, Blob arg)
            throws AgentException {
        RequestContent.Query content =
                new RequestContent.Query(
                        identity.sender(), expiryNanos(), null, canister, method, arg);
        Envelope envelope = identity.sign(content);
        Blob body =
                transport.post("/api/v3/canister/" + effective + "/query", envelope.bytes()).body();
        return queryReply(effective, envelope.id(), body);
    }

    /// What an answer to a query says, for clients with a transport of their own.
    ///
    /// @param effective as in the address
    /// @param request the query
    /// @param body of an answer with status 200
    /// @throws AgentException.Rejected when the query ended so
    /// @throws AgentException.CertificateInvalid when a signature does not stand
    public Blob queryReply(CanisterId effective, RequestId request, Blob body)
            throws AgentException {
        QueryAnswer answer;
        try {
            answer = QueryAnswer.decode(body);
        } catch (MalformedException e) {
            throw new AgentException.Malformed(e.getMessage(), e);
        }
        if (verifyQueries) {
            verify(answer, effective, request);
        }
        if (answer.rejection() != null) {
            throw answer.rejection();
        }
        return answer.arg() == null ? Blob.EMPTY : answer.arg();
    }

    private void verify(QueryAnswer answer, CanisterId effective, RequestId query)
            throws AgentException {
        NodeKeys known = nodeKeys.get(effective.principal());
        boolean fresh =
                known != null
                        && System.nanoTime() - known.readNanos() < QUERY_KEYS_AGE_MAX.toNanos();
        NodeKeys keys = fresh && known != null ? known : fetchNodeKeys(effective);
        String wrong =
                answer.check(keys, query, nowNanos(), CertificateVerifier.TIME_OFFSET_MAX_NANOS);
        if (wrong != null && fresh) {
            // The subnet may have got other nodes since.
            wrong =
                    answer.check(
                            fetchNodeKeys(effective),
                            query,
                            nowNanos(),
                            CertificateVerifier.TIME_OFFSET_MAX_NANOS);
        }
        if (wrong != null) {
            throw new AgentException.CertificateInvalid(wrong);
        }
    }

    private NodeKeys fetchNodeKeys(CanisterId effective) throws AgentException {
        CertifiedState state = readState(effective, List.of(List.of(SUBNET)));
        Blob subnet = Blob.owning(state.subnet().principal().toBytes());
        if (state.subnet().equals(verifier.rootSubnet()) && !effective.principal().isManagement()) {
            // The root subnet has no delegation that would bound it.
            Blob ranges = state.tree().value(List.of(SUBNET, subnet, CANISTER_RANGES));
            try {
                if (ranges == null
                        || !CanisterRanges.decode(ranges).contains(effective.principal())) {
                    throw new AgentException.CertificateInvalid(
                            "The root subnet does not host " + effective);
                }
            } catch (MalformedException e) {
                throw new AgentException.CertificateInvalid(
                        "The canister ranges of the root subnet are malformed");
            }
        }
        NodeKeys keys = NodeKeys.read(state, System.nanoTime());
        if (nodeKeys.size() >= QUERY_KEYS_REMEMBERED) {
            nodeKeys.clear();
        }
        nodeKeys.put(effective.principal(), keys);
        return keys;
    }

    /// Reads parts of the certified state of the subnet that hosts a canister.
    ///
    /// @param effective the canister
    /// @param paths see [CertifiedState#path]
    public CertifiedState readState(CanisterId effective, List<List<Blob>> paths)
            throws AgentException {
        RequestContent.ReadState content =
                new RequestContent.ReadState(identity.sender(), expiryNanos(), null, paths);
        Blob body =
                transport
                        .post(
                                "/api/v3/canister/" + effective + "/read_state",
                                identity.sign(content).bytes())
                        .body();
        try {
            CborFields fields =
                    CborFields.of(Cbor.decode(body, ANSWER), "the answer to read_state");
            return verify(fields.bytes("certificate", CERTIFICATE_LENGTH_MAX), effective);
        } catch (MalformedException e) {
            throw new AgentException.Malformed(e.getMessage(), e);
        }
    }

    private CertifiedState verify(Blob bytes, CanisterId effective) throws AgentException {
        Certificate certificate;
        try {
            certificate = Certificate.decode(bytes);
        } catch (MalformedException e) {
            throw new AgentException.CertificateInvalid(
                    "The certificate is malformed: " + e.getMessage());
        }
        return switch (verifier.verify(certificate, nowNanos())) {
            case CertificateVerdict.Invalid(String reason) ->
                    throw new AgentException.CertificateInvalid(reason);
            case CertificateVerdict.Valid valid -> {
                Principal canister = effective.principal();
                if (!canister.isManagement() && !valid.covers(canister)) {
                    throw new AgentException.CertificateInvalid(
                            "The subnet "
                                    + valid.subnet()
                                    + " that signed may not speak for canister "
                                    + canister);
                }
                yield new CertifiedState(valid.subnet(), valid.timeNanos(), certificate.tree());
            }
        };
    }

    /// A custom section of a canister's module, as `candid:service`; null when there is none.
    ///
    /// @throws AgentException.Refused with status 403 when it is private and the sender controls
    ///   nothing
    public @Nullable Blob metadata(CanisterId canister, String name) throws AgentException {
        Blob id = Blob.owning(canister.principal().toBytes());
        List<Blob> path =
                List.of(
                        HashTree.label("canister"),
                        id,
                        HashTree.label("metadata"),
                        HashTree.label(name));
        return readState(canister, List.of(path)).value(path);
    }

    /// The Candid interface that a canister publishes as the section `candid:service`; null when
    /// there is none.
    public @Nullable String candidService(CanisterId canister) throws AgentException {
        Blob section = metadata(canister, "candid:service");
        return section == null ? null : Outcome.text(section);
    }

    /// SHA-256 of the canister's module; null when it has none or does not exist.
    public @Nullable Blob moduleHash(CanisterId canister) throws AgentException {
        Blob id = Blob.owning(canister.principal().toBytes());
        List<Blob> path = List.of(HashTree.label("canister"), id, HashTree.label("module_hash"));
        return readState(canister, List.of(path)).value(path);
    }

    private long nowNanos() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    private long expiryNanos() {
        return nowNanos() + expiry.toNanos();
    }

    /// Ends open connections.
    @Override
    public void close() {
        transport.close();
    }
}
