package icj.state.model;

import icj.candid.Principal;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Cycles;
import icj.types.Digest;
import icj.types.RequestId;
import icj.wire.ByteReader;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The canonical bytes of what several parts of the state hold.
final class Codec {
    /// The most bytes of any one string in the state.
    static final int BYTES_MAX = 1 << 28;

    /// The most elements of any one list in the state.
    static final int COUNT_MAX = 1 << 24;

    private Codec() {}

    static void principal(ByteWriter out, Principal principal) {
        byte[] bytes = principal.toBytes();
        out.u8(bytes.length).raw(bytes);
    }

    static Principal principal(ByteReader in) throws MalformedException {
        int length = in.u8();
        if (length > Principal.LENGTH_MAX) {
            throw new MalformedException("A principal of " + length + " bytes");
        }
        return Principal.of(in.raw(length));
    }

    static void canister(ByteWriter out, CanisterId canister) {
        principal(out, canister.principal());
    }

    static CanisterId canister(ByteReader in) throws MalformedException {
        return new CanisterId(principal(in));
    }

    static void principals(ByteWriter out, List<Principal> principals) {
        out.count(principals.size());
        for (Principal principal : principals) {
            principal(out, principal);
        }
    }

    static List<Principal> principals(ByteReader in) throws MalformedException {
        int count = in.count(COUNT_MAX, 1);
        List<Principal> principals = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            principals.add(principal(in));
        }
        return principals;
    }

    static void cycles(ByteWriter out, Cycles cycles) {
        out.u64(cycles.high()).u64(cycles.low());
    }

    static Cycles cycles(ByteReader in) throws MalformedException {
        return Cycles.ofHalves(in.u64(), in.u64());
    }

    static void optional(ByteWriter out, @Nullable Digest digest) {
        out.bool(digest != null);
        if (digest != null) {
            out.digest(digest);
        }
    }

    static @Nullable Digest optionalDigest(ByteReader in) throws MalformedException {
        return in.bool() ? in.digest() : null;
    }

    static Blob blob(ByteReader in) throws MalformedException {
        return in.blob(BYTES_MAX);
    }

    static String text(ByteReader in) throws MalformedException {
        return in.text(BYTES_MAX);
    }

    static MalformedException unknown(String what, int code) {
        return new MalformedException("There is no " + what + " with the code " + code);
    }

    static void origin(ByteWriter out, CallOrigin origin) {
        switch (origin) {
            case CallOrigin.User(RequestId id, Principal user) -> {
                out.u8(0).digest(id.digest());
                principal(out, user);
            }
            case CallOrigin.Canister(CanisterId canister, long callback, long deadline) -> {
                out.u8(1);
                canister(out, canister);
                out.u64(callback).u64(deadline);
            }
            case CallOrigin.System() -> out.u8(2);
        }
    }

    static CallOrigin origin(ByteReader in) throws MalformedException {
        int code = in.u8();
        return switch (code) {
            case 0 -> new CallOrigin.User(new RequestId(in.digest()), principal(in));
            case 1 -> new CallOrigin.Canister(canister(in), in.u64(), in.u64());
            case 2 -> new CallOrigin.System();
            default -> throw unknown("origin of a call", code);
        };
    }

    static void answer(ByteWriter out, Answer answer) {
        switch (answer) {
            case Answer.Reply(Blob data) -> out.u8(0).blob(data);
            case Answer.Reject(int code, String message, String errorCode) ->
                    out.u8(1).u32(code).text(message).text(errorCode);
        }
    }

    static Answer answer(ByteReader in) throws MalformedException {
        int code = in.u8();
        return switch (code) {
            case 0 -> new Answer.Reply(blob(in));
            case 1 -> new Answer.Reject(in.u32(), text(in), text(in));
            default -> throw unknown("answer", code);
        };
    }

    static void message(ByteWriter out, CanisterMessage message) {
        switch (message) {
            case CanisterMessage.Ingress m -> {
                out.u8(0).digest(m.id().digest());
                principal(out, m.sender());
                canister(out, m.receiver());
                canister(out, m.effective());
                out.text(m.method()).blob(m.arg()).u64(m.expiry());
            }
            case CanisterMessage.Request m -> {
                out.u8(1);
                canister(out, m.sender());
                out.u64(m.callback());
                canister(out, m.receiver());
                out.text(m.method()).blob(m.arg());
                cycles(out, m.cycles());
                out.u64(m.deadline());
            }
            case CanisterMessage.Response m -> {
                out.u8(2);
                canister(out, m.respondent());
                canister(out, m.receiver());
                out.u64(m.callback());
                cycles(out, m.refund());
                answer(out, m.answer());
                out.u64(m.deadline());
            }
        }
    }

    static CanisterMessage message(ByteReader in) throws MalformedException {
        int code = in.u8();
        return switch (code) {
            case 0 ->
                    new CanisterMessage.Ingress(
                            new RequestId(in.digest()),
                            principal(in),
                            canister(in),
                            canister(in),
                            text(in),
                            blob(in),
                            in.u64());
            case 1 ->
                    new CanisterMessage.Request(
                            canister(in),
                            in.u64(),
                            canister(in),
                            text(in),
                            blob(in),
                            cycles(in),
                            in.u64());
            case 2 ->
                    new CanisterMessage.Response(
                            canister(in), canister(in), in.u64(), cycles(in), answer(in), in.u64());
            default -> throw unknown("message", code);
        };
    }
}
