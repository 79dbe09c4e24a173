package icj.replica;

import icj.consensus.ConsensusStatus;
import icj.replica.loop.ConsensusLoop;
import icj.replica.loop.EffectRunner;
import icj.replica.loop.SnapshotBoard;
import icj.replica.metrics.Readiness;
import icj.replica.p2p.PeerNetwork;
import icj.types.Height;
import icj.types.Quorum;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// How far this node is, beside its journal and its peers, in sentences for whoever waits for it;
/// null means far enough.
final class Standing {
    /// Heights that a ready node may be behind its peers: about what is on the way.
    private static final int BEHIND_HEIGHTS_MAX = 1;

    /// Heights that a node may be behind its peers and still take calls: about a second of them.
    /// Through one that is further behind, as after a restart, a client would wait until it has
    /// caught up, while any other node answers at once.
    private static final int CALLS_BEHIND_HEIGHTS_MAX = 20;

    /// R-C16, as far as it is built: see `Silence`.
    private static final String SILENT =
            "the disk of this node was empty when its peers were beyond the first heights; it"
                    + " follows without voting until a height is final that lies above all it may"
                    + " have voted on";

    private final EffectRunner runner;
    private final SnapshotBoard board;
    private final ConsensusLoop consensus;
    private final PeerNetwork network;
    private final Quorum quorum;
    private final Height before;

    /// @param before the height that was certified when this node started
    Standing(
            EffectRunner runner,
            SnapshotBoard board,
            ConsensusLoop consensus,
            PeerNetwork network,
            Quorum quorum,
            Height before) {
        this.runner = runner;
        this.board = board;
        this.consensus = consensus;
        this.network = network;
        this.quorum = quorum;
        this.before = before;
    }

    /// What a node must be to be ready.
    void register(Readiness readiness) {
        readiness.part("replay", this::replay);
        readiness.part("certified", this::certified);
        readiness.part("sync", runner::tooFarBehind);
        readiness.part("peers", this::peers);
        readiness.part("silent", () -> consensus.status().silent() ? SILENT : null);
        readiness.part("behind", this::behind);
    }

    /// Why this node serves nobody now.
    @Nullable String refusal() {
        String tooFar = runner.tooFarBehind();
        if (tooFar != null) {
            return tooFar;
        }
        String replay = replay();
        if (replay != null) {
            return replay;
        }
        ConsensusStatus status = consensus.status();
        Height reached = reached(status);
        return reached != null
                        && status.certified().plus(CALLS_BEHIND_HEIGHTS_MAX).compareTo(reached) < 0
                ? behind(status, reached)
                : null;
    }

    /// R-C4: nothing is served before the replay has reached the highest certification of the
    /// journal, or what this node itself signed to certify.
    private @Nullable String replay() {
        SnapshotBoard.Certified latest = board.latest();
        ConsensusStatus status = consensus.status();
        if (latest != null && latest.height().compareTo(status.replayTarget()) >= 0) {
            return null;
        }
        return "no certified state yet: executed "
                + status.executed()
                + " of "
                + Height.max(status.replayTarget(), new Height(1));
    }

    private @Nullable String certified() {
        SnapshotBoard.Certified latest = board.latest();
        return latest != null && latest.height().isAbove(before)
                ? null
                : "no height above " + before + " was certified since the start";
    }

    private @Nullable String peers() {
        int connected = network.connectedCount();
        return connected + 1 >= quorum.notary()
                ? null
                : connected
                        + " of the "
                        + (quorum.notary() - 1)
                        + " peers that a quorum needs are connected";
    }

    /// A node that still fetches what its peers have would answer queries from the past. One peer
    /// in f + 1 is honest, so the (f+1)-th highest report is not invented.
    private @Nullable String behind() {
        if (quorum.nodes() == 1) {
            return null;
        }
        ConsensusStatus status = consensus.status();
        Height reached = reached(status);
        if (reached == null) {
            return status.peersCertified().size()
                    + " of "
                    + quorum.low()
                    + " peers have said where they stand";
        }
        return status.certified().plus(BEHIND_HEIGHTS_MAX).compareTo(reached) >= 0
                ? null
                : behind(status, reached);
    }

    private static String behind(ConsensusStatus status, Height reached) {
        return "at height " + status.certified() + ", peers are at " + reached;
    }

    /// The height that an honest peer has certified; null while too few have said where they stand.
    private @Nullable Height reached(ConsensusStatus status) {
        List<Height> reports = new ArrayList<>(status.peersCertified().values());
        reports.sort(Comparator.reverseOrder());
        return reports.size() < quorum.low() ? null : reports.get(quorum.low() - 1);
    }
}
