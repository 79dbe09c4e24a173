package icj.agent;

import icj.types.Blob;
import icj.wire.MalformedException;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborFields;
import icj.wire.cbor.CborLimits;

import org.jspecify.annotations.Nullable;

/// What a node says about itself, unsigned.
///
/// @param rootKey of the network, DER
/// @param health "healthy" when the node serves
/// @param version of the node's program, or null
/// @param certifiedHeight the highest height with a certificate, or -1 when it does not say
public record NodeStatus(
        Blob rootKey, @Nullable String health, @Nullable String version, long certifiedHeight) {
    private static final int KEY_LENGTH_MAX = 1000;

    /// Whether the node says that it serves.
    public boolean healthy() {
        return "healthy".equals(health);
    }

    static NodeStatus decode(Blob cbor) throws MalformedException {
        CborFields fields = CborFields.of(Cbor.decode(cbor, CborLimits.REQUEST), "the status");
        return new NodeStatus(
                fields.bytes("root_key", KEY_LENGTH_MAX),
                fields.optionalText("replica_health_status"),
                fields.optionalText("impl_version"),
                fields.optional("certified_height") == null
                        ? -1
                        : fields.nat64("certified_height"));
    }
}
