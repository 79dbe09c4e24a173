package icj.launcher.bench;

import icj.types.Digest;
import icj.types.RequestId;

import java.util.List;
import java.util.Map;

/// For tests of other packages.
public final class BenchAccess {
    private BenchAccess() {}

    /// The phases of a call that no node remembers.
    public static Figures phasesOfACallThatNobodyRemembers() {
        RequestId id = new RequestId(Digest.owning(new byte[32]));
        return PhasesBench.figures(List.of(new LatencyBench.Sample(id, 1_000)), Map.of());
    }
}
