package icj.crypto;

import icj.types.Blob;
import icj.types.Digest;
import icj.types.RequestId;
import icj.wire.RepresentationHash;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/// The bytes that are signed on the Internet Computer: a domain separator (its length in one byte,
/// then its letters), then what it is about. No signature of one kind can pass for another's.
public final class Domain {
    private static final byte[] REQUEST = separator("ic-request");
    private static final byte[] DELEGATION = separator("ic-request-auth-delegation");
    private static final byte[] SENDER_INFO = separator("ic-sender-info");
    private static final byte[] RESPONSE = separator("ic-response");
    private static final byte[] STATE_ROOT = separator("ic-state-root");

    private Domain() {}

    /// A domain separator: the length of the name in one byte, then its ASCII letters.
    public static byte[] separator(String name) {
        byte[] letters = name.getBytes(StandardCharsets.US_ASCII);
        byte[] separator = new byte[letters.length + 1];
        separator[0] = (byte) letters.length;
        System.arraycopy(letters, 0, separator, 1, letters.length);
        return separator;
    }

    /// What the sender of a request signs: `\x0Aic-request` and the request id.
    public static byte[] request(RequestId id) {
        return join(REQUEST, id.digest().shared());
    }

    /// What a key signs to let another sign for it: `\x1Aic-request-auth-delegation` and the hash
    /// of the delegation.
    public static byte[] delegation(Digest delegationHash) {
        return join(DELEGATION, delegationHash.shared());
    }

    /// What vouches for information about a sender: `\x0Eic-sender-info` and the information.
    public static byte[] senderInfo(Blob info) {
        return join(SENDER_INFO, info.shared());
    }

    /// What a subnet signs in a certificate: `\x0Dic-state-root` and the root of the hash tree, 46
    /// bytes.
    public static byte[] stateRoot(Digest root) {
        return join(STATE_ROOT, root.shared());
    }

    /// What a node signs when a query replied: `\x0Bic-response` and the hash of the answer.
    ///
    /// @param arg the reply
    /// @param timestampNanos the time in the answer's signature, unsigned nanoseconds since 1970
    /// @param query the request id of the query
    public static byte[] queryReplied(Blob arg, long timestampNanos, RequestId query) {
        RepresentationHash hash = new RepresentationHash();
        hash.text("status", "replied");
        hash.map("reply", new RepresentationHash().bytes("arg", arg));
        return response(hash, timestampNanos, query);
    }

    /// What a node signs when a query was rejected: `\x0Bic-response` and the hash of the answer.
    ///
    /// @param code the reject code, 1 to 6
    /// @param message the reject message
    /// @param errorCode as "IC0503", or null when the answer has none
    /// @param timestampNanos the time in the answer's signature, unsigned nanoseconds since 1970
    /// @param query the request id of the query
    public static byte[] queryRejected(
            int code,
            String message,
            @Nullable String errorCode,
            long timestampNanos,
            RequestId query) {
        RepresentationHash hash = new RepresentationHash();
        hash.text("status", "rejected").nat("reject_code", code).text("reject_message", message);
        if (errorCode != null) {
            hash.text("error_code", errorCode);
        }
        return response(hash, timestampNanos, query);
    }

    private static byte[] response(RepresentationHash hash, long timestampNanos, RequestId query) {
        hash.nat("timestamp", timestampNanos);
        hash.bytes("request_id", Blob.owning(query.digest().toBytes()));
        return join(RESPONSE, hash.digest().shared());
    }

    private static byte[] join(byte[] separator, byte[] content) {
        byte[] joined = new byte[separator.length + content.length];
        System.arraycopy(separator, 0, joined, 0, separator.length);
        System.arraycopy(content, 0, joined, separator.length, content.length);
        return joined;
    }
}
