package icj.replica.loop;

import icj.consensus.Input;
import icj.crypto.ingress.ExpiryRule;
import icj.replica.metrics.Counter;
import icj.replica.metrics.Metrics;
import icj.replica.p2p.FrameKind;
import icj.replica.p2p.PeerEvents;
import icj.replica.p2p.PeerNetwork;
import icj.types.Blob;
import icj.types.EnvelopeHash;
import icj.types.NodeId;
import icj.types.artifact.Artifact;
import icj.types.message.Envelope;
import icj.types.message.IngressBody;
import icj.types.message.RequestContent;
import icj.types.message.RequestKind;
import icj.wire.ArtifactCodec;
import icj.wire.MalformedException;
import icj.wire.Sha256;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Takes what peers send apart: artifacts go to consensus, calls to the pool once they are verified
/// on a thread of their own. What a peer may have waiting is bounded; calls beyond it are dropped,
/// since the node that got them keeps them anyway.
public final class PeerDispatch implements PeerEvents, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerDispatch.class);

    /// Calls that wait to be verified.
    private static final int UNVERIFIED_MAX = 4_096;

    /// Bytes of one peer's calls that wait to be verified.
    private static final long UNVERIFIED_BYTES_MAX = 4L << 20;

    // What checking takes, in about microseconds: the cost in the peer's allowance.
    private static final int COST_GARBAGE = 1_000;
    private static final int COST_THRESHOLD_SIGNATURE = 1_000;
    private static final int COST_ED25519 = 60;
    private static final int COST_KNOWN = 5;

    private final IngressPool pool;
    private final IngressVerifier verifier;
    private final SnapshotBoard board;
    private final DemandWatch demand;
    private final ThreadPoolExecutor verifying;
    private final Map<NodeId, AtomicLong> unverified = new ConcurrentHashMap<>();
    private final Counter malformed;
    private final Counter invalid;
    private final Counter dropped;
    private volatile @Nullable ConsensusLoop loop;
    private volatile @Nullable PeerNetwork network;

    public PeerDispatch(
            IngressPool pool,
            IngressVerifier verifier,
            SnapshotBoard board,
            DemandWatch demand,
            Metrics metrics) {
        this.pool = pool;
        this.verifier = verifier;
        this.board = board;
        this.demand = demand;
        malformed = metrics.counter("ic_p2p_malformed_total", "Messages of peers not decodable");
        invalid =
                metrics.counter(
                        "ic_p2p_ingress_invalid_total", "Calls of peers not validly signed");
        dropped =
                metrics.counter("ic_p2p_ingress_dropped_total", "Calls of peers beyond the bounds");
        verifying =
                new ThreadPoolExecutor(
                        1,
                        1,
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(UNVERIFIED_MAX),
                        work -> new Thread(work, "ingress-verifier"));
        metrics.bounded(
                "ic_p2p_unverified",
                "Calls of peers that wait to be verified",
                this::unverifiedCalls,
                UNVERIFIED_MAX);
    }

    /// How many calls of peers wait to be verified.
    public int unverifiedCalls() {
        return verifying.getQueue().size();
    }

    /// Closes the circle: called before the network starts.
    public void attach(ConsensusLoop consensus, PeerNetwork peers) {
        loop = consensus;
        network = peers;
    }

    @Override
    public void connected(NodeId peer) {
        ConsensusLoop consensus = loop;
        PeerNetwork peers = network;
        if (consensus == null || peers == null) {
            return;
        }
        consensus.tell(new Input.PeerConnected(peer));
        for (IngressBody body : pool.own()) {
            peers.send(peer, FrameKind.INGRESS, body.envelope(), true);
        }
    }

    @Override
    public void disconnected(NodeId peer) {
        LOG.debug("Peer {} left", peer);
    }

    @Override
    public Reception received(NodeId peer, FrameKind kind, Blob payload) {
        return switch (kind) {
            case ARTIFACT -> artifact(peer, payload);
            case INGRESS -> ingress(peer, payload);
            case GREETING, PING -> new Reception(Outcome.MALFORMED, COST_GARBAGE);
        };
    }

    private Reception artifact(NodeId peer, Blob payload) {
        ConsensusLoop consensus = loop;
        if (consensus == null) {
            return new Reception(Outcome.REFUSED, COST_KNOWN);
        }
        Artifact artifact;
        try {
            artifact = ArtifactCodec.decode(payload);
        } catch (MalformedException e) {
            malformed.increment();
            LOG.warn("Peer {} sent garbage: {}", peer, e.getMessage());
            return new Reception(Outcome.MALFORMED, COST_GARBAGE);
        }
        boolean more =
                consensus.tell(peer, new Input.ArtifactArrived(peer, artifact), payload.length());
        return new Reception(more ? Outcome.TAKEN : Outcome.TAKEN_PAUSE, cost(artifact));
    }

    private static int cost(Artifact artifact) {
        return switch (artifact) {
            case Artifact.Beacon _, Artifact.Tape _, Artifact.Certification _ ->
                    COST_THRESHOLD_SIGNATURE;
            case Artifact.BlockProposal proposal ->
                    COST_ED25519 + proposal.bodies().size() * COST_KNOWN;
            case Artifact.Notarization list -> COST_ED25519 * list.signatures().size();
            case Artifact.Finalization list -> COST_ED25519 * list.signatures().size();
            case Artifact.NotarizationShare _, Artifact.FinalizationShare _ -> COST_ED25519;
            case Artifact.EquivocationProof _ -> 2 * COST_ED25519;
            // Kept unverified, one of each signer, until there are enough.
            case Artifact.BeaconShare _,
                    Artifact.TapeShare _,
                    Artifact.CertificationShare _,
                    Artifact.Status _,
                    Artifact.FetchChain _,
                    Artifact.FetchBlock _ ->
                    COST_ED25519;
        };
    }

    private Reception ingress(NodeId peer, Blob payload) {
        EnvelopeHash hash = new EnvelopeHash(Sha256.of(payload.shared()));
        if (pool.verdict(hash) != null) {
            return new Reception(Outcome.TAKEN, COST_KNOWN);
        }
        AtomicLong waiting = unverified.computeIfAbsent(peer, _ -> new AtomicLong());
        int size = payload.length();
        if (waiting.addAndGet(size) > UNVERIFIED_BYTES_MAX && waiting.get() != size) {
            waiting.addAndGet(-size);
            dropped.increment();
            return new Reception(Outcome.REFUSED, COST_KNOWN);
        }
        try {
            verifying.execute(() -> {
                try {
                    verify(peer, payload);
                } catch (RuntimeException e) {
                    LOG.error("A call of a peer could not be verified", e);
                } finally {
                    waiting.addAndGet(-size);
                }
            });
        } catch (RejectedExecutionException e) {
            waiting.addAndGet(-size);
            dropped.increment();
            return new Reception(Outcome.REFUSED, COST_KNOWN);
        }
        return new Reception(Outcome.TAKEN, COST_ED25519);
    }

    private void verify(NodeId peer, Blob payload) {
        Envelope envelope;
        try {
            envelope = Envelope.decode(payload, RequestKind.CALL);
        } catch (MalformedException e) {
            invalid.increment();
            return;
        }
        long now = WallClock.nanos();
        SnapshotBoard.Executed newest = board.newest();
        boolean known =
                pool.holds(envelope.id())
                        || newest != null && newest.state().ingress().has(envelope.id());
        if (known
                || !(envelope.content() instanceof RequestContent.Call call)
                || ExpiryRule.refusal(call.ingressExpiryNanos(), now) != null) {
            return;
        }
        IngressPool.Verdict verdict = verifier.verdict(envelope, now);
        if (verdict == null) {
            invalid.increment();
            return;
        }
        pool.offer(envelope, verdict.validUntilNanos(), peer);
        demand.update(now);
    }

    /// Ends the verifying thread.
    @Override
    public void close() {
        verifying.shutdownNow();
    }
}
