package icj.agent;

import icj.candid.Principal;
import icj.crypto.Domain;
import icj.crypto.VerifyingKey;
import icj.types.Blob;
import icj.types.NodeId;
import icj.types.RequestId;
import icj.wire.MalformedException;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborFields;
import icj.wire.cbor.CborValue;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The answer of a node to a query.
///
/// @param arg the reply, or null when the query was rejected
/// @param rejection why, or null when it replied
/// @param signatures of nodes over the answer
record QueryAnswer(
        @Nullable Blob arg,
        AgentException.@Nullable Rejected rejection,
        List<Signature> signatures) {
    private static final int SIGNATURES_MAX = 1000;
    private static final int SIGNATURE_LENGTH_MAX = 1000;

    /// A signature of a node.
    ///
    /// @param timestampNanos the node's time, nanoseconds since 1970
    record Signature(NodeId node, long timestampNanos, Blob signature) {}

    static QueryAnswer decode(Blob cbor) throws MalformedException {
        CborFields fields = CborFields.of(Cbor.decode(cbor, Agent.ANSWER), "the answer");
        List<Signature> signatures = new ArrayList<>();
        List<CborValue> list = fields.optionalList("signatures", SIGNATURES_MAX);
        if (list != null) {
            for (CborValue value : list) {
                CborFields one = CborFields.of(value, "a signature of the answer");
                signatures.add(
                        new Signature(
                                new NodeId(
                                        Principal.of(
                                                one.bytes("identity", Principal.LENGTH_MAX)
                                                        .shared())),
                                one.nat64("timestamp"),
                                one.bytes("signature", SIGNATURE_LENGTH_MAX)));
            }
        }
        String status = fields.text("status");
        return switch (status) {
            case "replied" ->
                    new QueryAnswer(
                            fields.map("reply", "the reply").bytes("arg", Integer.MAX_VALUE),
                            null,
                            signatures);
            case "rejected" -> new QueryAnswer(null, rejection(fields), signatures);
            default -> throw new MalformedException("The status of the answer is unknown");
        };
    }

    /// Reads `reject_code`, `reject_message` and `error_code`.
    static AgentException.Rejected rejection(CborFields fields) throws MalformedException {
        return new AgentException.Rejected(
                (int) Math.max(0, Math.min(fields.nat64("reject_code"), Integer.MAX_VALUE)),
                fields.text("reject_message"),
                fields.optionalText("error_code"),
                false);
    }

    /// Checks that nodes of the subnet signed this answer, each of those who claim to.
    ///
    /// @return what is wrong, or null
    @Nullable String check(NodeKeys keys, RequestId query, long nowNanos, long ageMaxNanos) {
        if (signatures.isEmpty()) {
            return "No node signed the answer to the query";
        }
        if (signatures.size() > keys.keys().size()) {
            return "More nodes signed the answer to the query than the subnet has";
        }
        for (Signature signature : signatures) {
            VerifyingKey key = keys.of(signature.node());
            if (key == null) {
                return "The node " + signature.node() + " does not belong to the subnet";
            }
            long age = nowNanos - signature.timestampNanos();
            if (age > ageMaxNanos || age < -ageMaxNanos) {
                return "The answer to the query is "
                        + age / 1_000_000_000
                        + " seconds old by the clock here, more than 5 minutes";
            }
            if (!key.verify(signed(signature.timestampNanos(), query), signature.signature())) {
                return "The signature of node " + signature.node() + " does not stand";
            }
        }
        return null;
    }

    private byte[] signed(long timestampNanos, RequestId query) {
        if (rejection != null) {
            return Domain.queryRejected(
                    rejection.code(),
                    rejection.rejection(),
                    rejection.errorCode(),
                    timestampNanos,
                    query);
        }
        return Domain.queryReplied(arg == null ? Blob.EMPTY : arg, timestampNanos, query);
    }
}
