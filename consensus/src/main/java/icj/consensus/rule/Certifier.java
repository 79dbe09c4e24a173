package icj.consensus.rule;

import icj.consensus.Effect;
import icj.consensus.SubnetCrypto.ThresholdKey;
import icj.consensus.pool.HeightState;
import icj.consensus.pool.HeightState.Executed;
import icj.consensus.pool.Pool;
import icj.types.Height;
import icj.types.artifact.Artifact.Certification;
import icj.types.artifact.Artifact.CertificationShare;

/// Shares the root of each executed height and reports what is certified.
///
/// R-C4: own shares are in the journal; a re-execution with another root, or a root other than the
/// certified one, ends the process with evidence, before anything else is signed.
public final class Certifier {
    private final Core core;

    /// The certifier of a core.
    public Certifier(Core core) {
        this.core = core;
    }

    /// Notes that a batch was executed, or that the state was restored at this height.
    public void executed(Turn turn, long height, Executed executed) {
        Pool pool = core.pool();
        pool.executed(height, executed);
        HeightState state = pool.at(height);
        if (disagrees(turn, state) || height == 0) {
            return;
        }
        if (state.certification() != null || state.ownCertificationShare() != null) {
            return;
        }
        CertificationShare share =
                new CertificationShare(
                        new Height(height),
                        executed.root(),
                        executed.witness(),
                        core.committee().self(),
                        core.crypto()
                                .signShare(
                                        ThresholdKey.HIGH,
                                        SignedBytes.certification(executed.root())));
        pool.vote(share);
        turn.broadcast(share);
    }

    /// Whether the certified root, or the one that this node signed before, is another; then the
    /// core halts.
    public boolean disagrees(Turn turn, HeightState state) {
        Executed executed = state.executed();
        if (executed == null) {
            return false;
        }
        Certification certification = state.certification();
        if (certification != null && !certification.root().equals(executed.root())) {
            core.halt(
                    turn,
                    "Height "
                            + state.height()
                            + " was executed to the root "
                            + executed.root()
                            + ", but the subnet certified "
                            + certification.root()
                            + Core.LEAVE_OUT,
                    certification);
            return true;
        }
        CertificationShare share = state.ownCertificationShare();
        if (share != null && !share.root().equals(executed.root())) {
            core.halt(
                    turn,
                    "Height "
                            + state.height()
                            + " was executed to the root "
                            + executed.root()
                            + ", but before the restart to "
                            + share.root()
                            + Core.LEAVE_OUT,
                    share);
            return true;
        }
        return false;
    }

    /// Raises the certified height. Returns whether it rose.
    public boolean run(Turn turn) {
        Certification certification = core.pool().raiseCertified();
        if (certification == null) {
            return false;
        }
        HeightState state = core.pool().at(certification.height().value());
        if (disagrees(turn, state)) {
            return false;
        }
        turn.effect(new Effect.Certified(certification));
        return true;
    }
}
