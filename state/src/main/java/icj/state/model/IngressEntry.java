package icj.state.model;

import icj.candid.Principal;
import icj.state.tree.LabelItem;
import icj.state.tree.LabelTree;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.RequestId;
import icj.wire.ByteReader;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;
import icj.wire.Sha256;

/// One update call that the subnet knows of (R-S8).
///
/// @param id of the request
/// @param sender who signed it: only they may read its status
/// @param effective the canister that it concerns
/// @param status how far it is
/// @param forgetAt when it may be forgotten, nanoseconds since 1970; 0 while it isn't finished
public record IngressEntry(
        RequestId id, Principal sender, CanisterId effective, Status status, long forgetAt)
        implements LabelItem.Folded {

    /// How far a call is.
    public sealed interface Status
            permits Status.Received,
                    Status.Processing,
                    Status.Replied,
                    Status.Rejected,
                    Status.Done,
                    LongAnswer {
        /// In a block, not begun.
        record Received() implements Status {}

        /// Begun, no answer yet.
        record Processing() implements Status {}

        /// Answered with bytes.
        record Replied(Blob data) implements Status {}

        /// Answered with a reject.
        record Rejected(int code, String message, String errorCode) implements Status {}

        /// Answered, but the answer is forgotten.
        record Done() implements Status {}

        /// The status of a call with this answer.
        static Status of(Answer answer) {
            return switch (answer) {
                case Answer.Reply(Blob data) -> new Replied(data);
                case Answer.Reject(int code, String message, String errorCode) ->
                        new Rejected(code, message, errorCode);
            };
        }

        /// The word in the certified tree.
        default String text() {
            return switch (this) {
                case Received() -> "received";
                case Processing() -> "processing";
                case Replied _ -> "replied";
                case Rejected _ -> "rejected";
                case Done() -> "done";
                case LongAnswer answer -> answer.text();
            };
        }

        /// Whether an answer can still be read.
        default boolean isAnswered() {
            return this instanceof Replied || this instanceof Rejected;
        }

        /// The same status, its answer in memory: none but the five kinds above.
        default Status plain() {
            return this;
        }

        /// Bytes of the answer.
        default long bytes() {
            return switch (this) {
                case Received(), Processing(), Done() -> 0;
                case Replied(Blob data) -> data.length();
                case Rejected rejected -> rejected.message().length();
                case LongAnswer answer -> answer.bytes();
            };
        }
    }

    /// The same call, further on.
    public IngressEntry with(Status next, long nextForgetAt) {
        return new IngressEntry(id, sender, effective, next, nextForgetAt);
    }

    /// The subtree `/request_status/ID`.
    @Override
    public LabelTree unfold() {
        return CanisterLabels.of(status);
    }

    /// The digests of the two tries in which it stands.
    DigestPair digests(byte[] key) {
        return DigestPair.entry(key, Sha256.of(bytes()), CanisterLabels.digest(status));
    }

    byte[] bytes() {
        ByteWriter out = new ByteWriter(160);
        out.digest(id.digest());
        Codec.principal(out, sender);
        Codec.canister(out, effective);
        out.u64(forgetAt);
        status(out, status);
        return out.toBytes();
    }

    static IngressEntry decode(Blob bytes) throws MalformedException {
        ByteReader in = new ByteReader(bytes);
        IngressEntry entry = decode(in);
        in.end();
        return entry;
    }

    private static IngressEntry decode(ByteReader in) throws MalformedException {
        RequestId id = new RequestId(in.digest());
        Principal sender = Codec.principal(in);
        CanisterId effective = Codec.canister(in);
        long forgetAt = in.u64();
        return new IngressEntry(id, sender, effective, status(in), forgetAt);
    }

    /// The bytes of a status, the last ones of [#bytes].
    static byte[] bytes(Status status) {
        ByteWriter out = new ByteWriter(64);
        status(out, status);
        return out.toBytes();
    }

    private static void status(ByteWriter out, Status status) {
        switch (status) {
            case Status.Received() -> out.u8(0);
            case Status.Processing() -> out.u8(1);
            case Status.Replied(Blob data) -> out.u8(2).blob(data);
            case Status.Rejected(int code, String message, String errorCode) ->
                    out.u8(3).u32(code).text(message).text(errorCode);
            case Status.Done() -> out.u8(4);
            case LongAnswer answer -> out.raw(answer.encoded());
        }
    }

    /// The status of such bytes.
    static Status status(ByteReader in) throws MalformedException {
        int code = in.u8();
        return switch (code) {
            case 0 -> new Status.Received();
            case 1 -> new Status.Processing();
            case 2 -> new Status.Replied(Codec.blob(in));
            case 3 -> new Status.Rejected(in.u32(), Codec.text(in), Codec.text(in));
            case 4 -> new Status.Done();
            default -> throw Codec.unknown("ingress status", code);
        };
    }
}
