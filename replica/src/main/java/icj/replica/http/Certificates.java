package icj.replica.http;

import icj.crypto.certificate.Certificate;
import icj.crypto.certificate.SubnetDelegation;
import icj.execution.CertifiedTree;
import icj.replica.loop.SnapshotBoard;
import icj.types.Blob;
import icj.types.RequestId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Makes the certificates that clients get: the paths they asked for and the time, everything else
/// pruned, under the subnet's signature and, on an application subnet, the root's delegation. Any
/// thread.
public final class Certificates {
    private static final List<Blob> TIME = List.of(CertifiedTree.TIME);

    private final boolean needsDelegation;
    private final Supplier<@Nullable SubnetDelegation> delegation;

    /// @param needsDelegation whether this subnet is not the root
    /// @param delegation the one in force, null while it hasn't been fetched
    public Certificates(boolean needsDelegation, Supplier<@Nullable SubnetDelegation> delegation) {
        this.needsDelegation = needsDelegation;
        this.delegation = delegation;
    }

    /// Why no certificate can be made, or null.
    public @Nullable String unavailable() {
        return needsDelegation && delegation.get() == null
                ? "The delegation of the root subnet has not arrived yet"
                : null;
    }

    /// The certificate of a snapshot that reveals `paths` and the time, in CBOR.
    public Blob of(SnapshotBoard.Certified snapshot, List<List<Blob>> paths) {
        List<List<Blob>> revealed = new ArrayList<>(paths.size() + 1);
        revealed.add(TIME);
        revealed.addAll(paths);
        return new Certificate(
                        snapshot.tree().witness(revealed),
                        snapshot.certification().signature(),
                        needsDelegation ? delegation.get() : null)
                .encode();
    }

    /// The path of an update call's outcome.
    static List<Blob> requestPath(RequestId id) {
        return List.of(CertifiedTree.REQUEST_STATUS, Blob.owning(id.digest().toBytes()));
    }
}
