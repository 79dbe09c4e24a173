package icj.consensus.rule;

import icj.consensus.Effect;
import icj.consensus.Refusal;
import icj.consensus.pool.BlockEntry;
import icj.consensus.pool.HeightState;
import icj.consensus.pool.JournalKeys;
import icj.consensus.pool.Pool;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.artifact.Artifact.CertificationShare;
import icj.types.artifact.Artifact.EquivocationProof;
import icj.types.artifact.Artifact.FetchBlock;
import icj.types.artifact.Artifact.FetchChain;
import icj.types.artifact.Artifact.Notarization;
import icj.types.artifact.Artifact.NotarizationShare;
import icj.types.artifact.Artifact.Status;
import icj.types.artifact.BlockRef;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Makes up for whatever was lost on the way (R-C15): nodes tell where they stand, those ahead are
/// asked for what is combined, and everyone sends its own shares again to peers that still need
/// them.
///
/// Liveness: after the network heals, any two connected nodes exchange their standing within
/// [icj.consensus.Limits#statusNanos] while they wait for something, so each share and each
/// combined artifact that a correct node holds reaches the others. Bounds: an answer has a bound in
/// heights and bytes, each peer spends tokens that refill slowly, and a node asks one peer at a
/// time. What is large is asked for and sent again after pauses that double: on a slow link the
/// first copy is still on its way.
public final class CatchUp {
    private static final int TOKENS_MAX = 64;
    private static final int FETCH_CHAIN_TOKENS = 4;
    private static final int RESENT_HEIGHTS_MAX = 8;

    /// The longest pause between two questions for the same: a peer that doesn't answer must not
    /// hold this node up for long.
    private static final long ASK_NANOS_MAX = 2_000_000_000L;

    /// So long an answer may come in before the next peer is asked: 8 MiB take 7 s at 10 Mbit/s. A
    /// peer that answers drop by drop must not keep this node from asking others.
    private static final long ANSWER_NANOS_MAX = 8_000_000_000L;

    /// The pauses before the own proposal goes once more to a peer that still lacks it: 4 MiB take
    /// 0.4 s at 100 Mbit/s and 3.4 s at 10.
    private static final long RESEND_NANOS_MIN = 1_000_000_000L;

    private static final long RESEND_NANOS_MAX = 4_000_000_000L;

    /// A node this far behind asks at once; one that is closer first waits for what is under way.
    private static final int FAR_HEIGHTS = 3;

    private final Core core;
    private final RoundClock clock;
    private final Deliverer deliverer;
    private final Purger purger;
    private final Silence silence;
    private final TreeMap<NodeId, Peer> peers = new TreeMap<>();
    private final TreeMap<Digest, Want> wants = new TreeMap<>();
    private long lastProgressNanos;
    private long lastStatusNanos = Long.MIN_VALUE;
    private long behindSinceNanos = Long.MAX_VALUE;
    private long progress = -1;
    private long fetchNanos = Long.MIN_VALUE;
    private long fetchTarget = -1;
    private long chainNanos = Long.MIN_VALUE;
    private long chainStanding = -1;
    private long chainProgressNanos;
    private int chainTries;
    private long notarizedAtFetch = -1;
    private int nextPeer;
    private boolean tooFarBehind;

    /// What a peer said, and what it may still ask.
    private static final class Peer {
        private long notarized;
        private long finalized;
        private long beacon;
        private long certified;
        private long lowest = 1;
        private int tokens = TOKENS_MAX;
        private long refilledNanos = Long.MIN_VALUE;
        private long toldNanos = Long.MIN_VALUE;

        /// The height of the own proposal that was sent again last, when, and how often.
        private long resentHeight;

        private long resentNanos;
        private int resent;
    }

    /// A block that votes name and that is not here.
    private static final class Want {
        private final BlockRef block;
        private long nextNanos;
        private int tries;

        private Want(BlockRef block, long nextNanos) {
            this.block = block;
            this.nextNanos = nextNanos;
        }
    }

    /// The catching up of a core.
    public CatchUp(
            Core core, RoundClock clock, Deliverer deliverer, Purger purger, Silence silence) {
        this.core = core;
        this.clock = clock;
        this.deliverer = deliverer;
        this.purger = purger;
        this.silence = silence;
        for (NodeId peer : core.committee().peers()) {
            peers.put(peer, new Peer());
        }
    }

    /// Whether no peer serves what this node needs.
    public boolean tooFarBehind() {
        return tooFarBehind;
    }

    /// Where this node stands. Peers forget what it says to hold, so it must not forget it.
    private Status own(Turn turn) {
        turn.needAllDurable();
        Pool pool = core.pool();
        return new Status(
                new Height(pool.notarized()),
                new Height(pool.finalized()),
                new Height(pool.beacon()),
                new Height(pool.certified()),
                new Height(pool.lowest()));
    }

    /// A connection stands: say where this node is.
    public void connected(Turn turn, NodeId node) {
        Peer peer = peers.get(node);
        if (peer == null) {
            core.refuse(Refusal.NO_MEMBER);
            return;
        }
        peer.toldNanos = turn.nanos();
        // What was on the way is lost with the connection before.
        peer.resentHeight = 0;
        turn.send(node, own(turn));
    }

    /// Something of a height that is far above came from a peer.
    public void hint(NodeId node, long height) {
        Peer peer = peers.get(node);
        if (peer != null) {
            peer.notarized = Math.max(peer.notarized, height - 1);
        }
    }

    // What peers ask.

    /// A peer says where it stands: it gets the own shares that it lacks, and hears where this node
    /// is when that is further.
    public void status(Turn turn, NodeId from, Status status) {
        Peer peer = peers.get(from);
        if (peer == null || !spend(turn, peer, 1)) {
            return;
        }
        peer.notarized = status.notarized().value();
        peer.finalized = status.finalized().value();
        peer.beacon = status.beacon().value();
        peer.certified = status.certified().value();
        peer.lowest = status.lowest().value();
        silence.report(from, peer.notarized);
        purger.report(from, Math.min(peer.certified, peer.beacon));
        resend(turn, from, peer);
        Pool pool = core.pool();
        boolean ahead =
                pool.notarized() > peer.notarized
                        || pool.finalized() > peer.finalized
                        || pool.beacon() > peer.beacon
                        || pool.certified() > peer.certified;
        if (ahead
                && (peer.toldNanos == Long.MIN_VALUE
                        || turn.nanos() - peer.toldNanos >= core.limits().statusNanos() / 4)) {
            peer.toldNanos = turn.nanos();
            turn.send(from, own(turn));
        }
    }

    private void resend(Turn turn, NodeId to, Peer peer) {
        Pool pool = core.pool();
        if (peer.notarized == pool.round() - 1) {
            HeightState state = pool.get(pool.round());
            if (state != null) {
                if (state.ownProposal() != null && isDue(turn, peer, state.height())) {
                    turn.send(to, state.ownProposal());
                }
                for (NotarizationShare share : state.ownNotarizationShares().values()) {
                    turn.send(to, share);
                }
                for (EquivocationProof proof : state.equivocations().values()) {
                    turn.send(to, proof);
                }
            }
        }
        // Two blocks of one height may be notarized, one here and one there: a proposal on the one
        // means nothing to a node that only knows the other.
        HeightState below = pool.get(pool.round() - 1);
        if (below != null && below.height() > peer.finalized) {
            for (Notarization notarization : below.notarizations().values()) {
                turn.send(to, notarization);
            }
        }
        int sent = 0;
        for (HeightState state : pool.from(peer.finalized + 1)) {
            if (state.ownFinalizationShare() != null && sent < RESENT_HEIGHTS_MAX) {
                turn.send(to, state.ownFinalizationShare());
                sent++;
            }
        }
        HeightState beacon = pool.get(peer.beacon + 1);
        if (beacon != null && beacon.ownBeaconShare() != null) {
            turn.send(to, beacon.ownBeaconShare());
        }
        sent = 0;
        for (HeightState state : pool.from(peer.certified + 1)) {
            if (state.ownTapeShare() != null && sent < RESENT_HEIGHTS_MAX) {
                turn.send(to, state.ownTapeShare());
                sent++;
            }
        }
        List<HeightState> executed = new ArrayList<>(pool.from(peer.certified + 1));
        sent = 0;
        for (int i = executed.size() - 1; i >= 0 && sent < RESENT_HEIGHTS_MAX; i--) {
            CertificationShare share = executed.get(i).ownCertificationShare();
            if (share != null) {
                turn.send(to, share);
                sent++;
            }
        }
    }

    /// Whether the own proposal goes to the peer again: at once when it first says that it lacks
    /// it, then after pauses, each of which is twice the one before.
    private static boolean isDue(Turn turn, Peer peer, long height) {
        if (peer.resentHeight != height) {
            peer.resentHeight = height;
            peer.resent = 0;
        } else if (turn.nanos() - peer.resentNanos
                < pause(RESEND_NANOS_MIN, peer.resent - 1, RESEND_NANOS_MAX)) {
            return false;
        }
        peer.resent++;
        peer.resentNanos = turn.nanos();
        return true;
    }

    /// A pause that doubles with each try up to `max`.
    private static long pause(long first, int tries, long max) {
        long pause = first;
        for (int i = 0; i < tries && pause < max; i++) {
            pause *= 2;
        }
        return Math.min(pause, max);
    }

    private boolean spend(Turn turn, Peer peer, int tokens) {
        if (peer.refilledNanos == Long.MIN_VALUE) {
            peer.refilledNanos = turn.nanos();
        }
        long refill = (turn.nanos() - peer.refilledNanos) / core.limits().serveNanosMin();
        if (refill > 0) {
            peer.tokens = (int) Math.min(TOKENS_MAX, peer.tokens + refill);
            peer.refilledNanos += refill * core.limits().serveNanosMin();
        }
        if (peer.tokens < tokens) {
            return core.refuse(Refusal.TOO_OFTEN);
        }
        peer.tokens -= tokens;
        return true;
    }

    /// A peer wants part of the chain: it is sent from the journal, as it stands there.
    public void fetchChain(Turn turn, NodeId from, FetchChain fetch) {
        Peer peer = peers.get(from);
        if (peer == null || !spend(turn, peer, FETCH_CHAIN_TOKENS)) {
            return;
        }
        sendStored(turn, from, JournalKeys.BEACON, fetch.beacon());
        sendStored(turn, from, JournalKeys.CHAIN, fetch.chain());
        sendStored(turn, from, JournalKeys.TAPE, fetch.tape());
        sendStored(turn, from, JournalKeys.CERTIFICATION, fetch.certification());
    }

    private void sendStored(Turn turn, NodeId to, int group, Height height) {
        if (height.value() > 0) {
            long end = height.plus(core.limits().fetchHeights()).value();
            turn.effect(
                    new Effect.SendStored(
                            to,
                            JournalKeys.of(group, height.value()),
                            JournalKeys.of(group, end),
                            core.limits().fetchBytesMax()));
        }
    }

    /// A peer wants a block: from memory, or from the journal.
    public void fetchBlock(Turn turn, NodeId from, FetchBlock fetch) {
        Peer peer = peers.get(from);
        if (peer == null || !spend(turn, peer, 1)) {
            return;
        }
        long height = fetch.height().value();
        HeightState state = core.pool().get(height);
        BlockEntry entry = state == null ? null : state.block(fetch.block().hash());
        if (entry != null && height > 0) {
            turn.send(from, entry.proposal());
        } else if (height >= core.pool().lowest() && height <= core.pool().finalized()) {
            Blob key = JournalKeys.proposal(height, fetch.block().hash());
            turn.effect(
                    new Effect.SendStored(
                            from, key, JournalKeys.after(key), core.limits().fetchBytesMax()));
        }
    }

    // What this node needs.

    /// Asks for what is missing and says where the node stands, when it is time.
    public void run(Turn turn) {
        if (peers.isEmpty()) {
            return;
        }
        Pool pool = core.pool();
        long standing =
                pool.notarized()
                        + pool.finalized()
                        + pool.beacon()
                        + pool.certified()
                        + pool.certificationTop()
                        + deliverer.delivered();
        if (standing != progress) {
            progress = standing;
            lastProgressNanos = turn.nanos();
            behindSinceNanos = Long.MAX_VALUE;
        }
        want(turn);
        fetch(turn);
        tell(turn);
    }

    private void tell(Turn turn) {
        if (lastStatusNanos != Long.MIN_VALUE) {
            long due = lastStatusNanos + core.limits().idleStatusNanos();
            if (isWaiting()) {
                long soon =
                        Math.max(lastStatusNanos, lastProgressNanos) + core.limits().statusNanos();
                due = Math.min(due, soon);
            }
            if (!turn.reached(due)) {
                return;
            }
        }
        lastStatusNanos = turn.nanos();
        turn.broadcast(own(turn));
        turn.reached(turn.nanos() + core.limits().idleStatusNanos());
    }

    private boolean isWaiting() {
        Pool pool = core.pool();
        return clock.isRunning()
                || pool.finalized() < pool.notarized()
                || pool.beacon() < pool.round() - 1
                || pool.certified() < pool.finalized();
    }

    private void want(Turn turn) {
        Pool pool = core.pool();
        for (HeightState state : pool.from(pool.finalized() + 1)) {
            for (Digest hash : state.notarizations().keySet()) {
                want(turn, state, hash);
            }
            if (state.height() <= pool.round()) {
                for (Digest hash : state.notarizationShares().keySet()) {
                    want(turn, state, hash);
                }
            }
        }
        wants.values()
                .removeIf(want -> {
                    HeightState state = pool.get(want.block.height().value());
                    return want.block.height().value() <= pool.finalized()
                            || state == null
                            || state.block(want.block.hash()) != null;
                });
        for (Want want : wants.values()) {
            if (turn.reached(want.nextNanos)) {
                ask(turn, want);
            }
        }
    }

    private void want(Turn turn, HeightState state, Digest hash) {
        if (state.block(hash) == null && !wants.containsKey(hash)) {
            // The proposal itself is probably under way.
            long patience = core.limits().delayNanos() / 4;
            BlockRef ref = new BlockRef(new Height(state.height()), hash);
            wants.put(hash, new Want(ref, turn.nanos() + patience));
        }
    }

    private void ask(Turn turn, Want want) {
        HeightState state = core.pool().at(want.block.height().value());
        List<NodeId> holders = new ArrayList<>();
        var notarization = state.notarizations().get(want.block.hash());
        if (notarization != null) {
            for (var signature : notarization.signatures()) {
                NodeId signer = core.committee().at(signature.signer());
                if (signer != null) {
                    holders.add(signer);
                }
            }
        } else if (state.notarizationShares().get(want.block.hash()) != null) {
            holders.addAll(state.notarizationShares().get(want.block.hash()).keySet());
        }
        holders.remove(core.committee().self());
        want.nextNanos =
                turn.nanos() + pause(core.limits().fetchRetryNanos(), want.tries, ASK_NANOS_MAX);
        turn.reached(want.nextNanos);
        if (!holders.isEmpty()) {
            // Different nodes begin with different holders.
            int first = core.committee().place(core.committee().self());
            NodeId holder = holders.get((first + want.tries++) % holders.size());
            turn.send(holder, new FetchBlock(want.block));
        }
    }

    private void fetch(Turn turn) {
        Pool pool = core.pool();
        boolean behind = false;
        boolean lacksChain = false;
        long furthest = 0;
        for (Peer peer : peers.values()) {
            behind |= isAhead(peer);
            lacksChain |= needsChain(peer);
            furthest = Math.max(furthest, peer.notarized);
        }
        if (!lacksChain) {
            chainNanos = Long.MIN_VALUE;
            chainTries = 0;
        }
        if (!behind) {
            behindSinceNanos = Long.MAX_VALUE;
            return;
        }
        if (behindSinceNanos == Long.MAX_VALUE) {
            behindSinceNanos = turn.nanos();
        }
        boolean far = furthest >= pool.notarized() + FAR_HEIGHTS;
        long patience = far ? 0 : core.limits().delayNanos() / 2;
        if (!turn.reached(behindSinceNanos + patience)) {
            return;
        }
        boolean answered = fetchTarget >= 0 && pool.notarized() >= fetchTarget && far;
        if (answered) {
            chainNanos = Long.MIN_VALUE;
            chainTries = 0;
        }
        boolean chainIsDue = isChainDue(turn);
        if (!answered
                && fetchNanos != Long.MIN_VALUE
                && !turn.reached(fetchNanos + core.limits().fetchRetryNanos())) {
            return;
        }
        ask(turn, chainIsDue);
    }

    /// Whether to ask for blocks, which may be large: not while those that were asked for are
    /// coming in, as a second copy would only make them slower. All else is small.
    private boolean isChainDue(Turn turn) {
        if (chainNanos == Long.MIN_VALUE) {
            return true;
        }
        long standing = core.pool().notarized() + core.pool().finalized();
        if (standing != chainStanding) {
            chainStanding = standing;
            chainProgressNanos = turn.nanos();
        }
        long pause = pause(core.limits().fetchRetryNanos(), chainTries, ASK_NANOS_MAX);
        return turn.reached(Math.min(chainProgressNanos + pause, chainNanos + ANSWER_NANOS_MAX));
    }

    private void askedForChain(Turn turn) {
        if (chainNanos != Long.MIN_VALUE && chainProgressNanos <= chainNanos) {
            chainTries++;
        }
        chainNanos = turn.nanos();
        chainProgressNanos = turn.nanos();
        chainStanding = core.pool().notarized() + core.pool().finalized();
    }

    private boolean isAhead(Peer peer) {
        return needsChain(peer)
                || needsBeacon(peer)
                || needsCertification(peer)
                || deliverer.isShortOfTape() && peer.finalized > deliverer.delivered();
    }

    private boolean needsChain(Peer peer) {
        Pool pool = core.pool();
        // A node that executes slowly takes its time.
        return (peer.notarized > pool.notarized() || peer.finalized > pool.finalized())
                && pool.notarized() < core.windowTop();
    }

    private boolean needsBeacon(Peer peer) {
        return peer.beacon > core.pool().beacon() && core.pool().beacon() < core.windowTop();
    }

    private boolean needsCertification(Peer peer) {
        return peer.certified > core.pool().certificationTop()
                && core.pool().certificationTop() < core.windowTop();
    }

    private void ask(Turn turn, boolean chainIsDue) {
        Pool pool = core.pool();
        List<NodeId> members = core.committee().peers();
        int outOfReach = 0;
        for (int i = 0; i < members.size(); i++) {
            NodeId node = members.get((nextPeer + i) % members.size());
            Peer peer = peers.get(node);
            if (peer == null || !isAhead(peer)) {
                continue;
            }
            boolean chain = needsChain(peer) && chainIsDue;
            if (chain && peer.lowest > pool.notarized() + 1) {
                outOfReach++;
                continue;
            }
            boolean tape = deliverer.isShortOfTape();
            if (!chain && !needsBeacon(peer) && !needsCertification(peer) && !tape) {
                continue;
            }
            nextPeer = (nextPeer + i + 1) % members.size();
            // On a fork the blocks above the own notarized one have another parent: when asking
            // from there changed nothing, ask from the last final block on.
            boolean stuck = chain && notarizedAtFetch == pool.notarized();
            long from = (stuck ? pool.finalized() : pool.notarized()) + 1;
            FetchChain fetch =
                    new FetchChain(
                            new Height(chain ? from : 0),
                            new Height(needsBeacon(peer) ? pool.beacon() + 1 : 0),
                            new Height(needsCertification(peer) ? pool.certificationTop() + 1 : 0),
                            new Height(tape ? deliverer.delivered() + 1 : 0));
            if (chain) {
                askedForChain(turn);
            }
            if (chain || !needsChain(peer)) {
                notarizedAtFetch = chain ? pool.notarized() : -1;
                fetchTarget =
                        Math.min(
                                peer.notarized,
                                pool.notarized() + core.limits().fetchHeights() - 1);
            }
            fetchNanos = turn.nanos();
            turn.reached(fetchNanos + core.limits().fetchRetryNanos());
            turn.send(node, fetch);
            return;
        }
        // One lying peer must not silence this node.
        if (outOfReach > core.committee().quorum().faulty() && !tooFarBehind) {
            tooFarBehind = true;
            long lowest = Long.MAX_VALUE;
            for (Peer peer : peers.values()) {
                if (needsChain(peer)) {
                    lowest = Math.min(lowest, peer.lowest);
                }
            }
            turn.effect(new Effect.SyncState(new Height(pool.finalized()), new Height(lowest)));
        }
    }
}
