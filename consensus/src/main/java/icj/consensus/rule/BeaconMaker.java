package icj.consensus.rule;

import icj.consensus.SubnetCrypto.ThresholdKey;
import icj.consensus.pool.HeightState;
import icj.consensus.pool.Pool;
import icj.types.Height;
import icj.types.artifact.Artifact.Beacon;
import icj.types.artifact.Artifact.BeaconShare;

/// Shares the beacon of a height once the beacon *and* a notarized block of the height below are
/// held (R-C5): earlier, makers two heights on could be known and attacked before they have to
/// speak.
public final class BeaconMaker {
    private final Core core;

    /// The maker of a core.
    public BeaconMaker(Core core) {
        this.core = core;
    }

    /// Signs the next beacon when it may. Returns whether the pool changed.
    public boolean run(Turn turn) {
        Pool pool = core.pool();
        long below = pool.beacon();
        HeightState state = pool.get(below);
        Beacon held = state == null ? null : state.beacon();
        if (held == null || pool.notarized() < below) {
            return false;
        }
        HeightState next = pool.at(below + 1);
        if (next.ownBeaconShare() != null) {
            return false;
        }
        BeaconShare share =
                new BeaconShare(
                        new Height(below + 1),
                        core.committee().self(),
                        core.crypto().signShare(ThresholdKey.LOW, core.signed().beacon(held)));
        next.own(share);
        turn.broadcast(share);
        return true;
    }
}
