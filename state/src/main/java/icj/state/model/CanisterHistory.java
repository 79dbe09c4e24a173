package icj.state.model;

import icj.candid.Principal;
import icj.types.CanisterId;
import icj.types.Digest;
import icj.wire.ByteReader;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The last changes of a canister (interface specification, "Canister history").
public final class CanisterHistory extends HashedPart {
    /// How many changes are kept; the specification asks for at least 20.
    public static final int KEPT_MAX = 20;

    /// No changes yet.
    public static final CanisterHistory EMPTY = new CanisterHistory(0, List.of());

    private final long total;
    private final List<Change> recent;

    private CanisterHistory(long total, List<Change> recent) {
        this.total = total;
        this.recent = recent;
    }

    /// One change.
    ///
    /// @param time nanoseconds since 1970
    /// @param version the canister's version after it
    public record Change(long time, long version, Origin origin, Details details) {}

    /// Who changed something.
    public sealed interface Origin {
        /// A user by an update call.
        record FromUser(Principal user) implements Origin {}

        /// A canister, with its version if it told.
        record FromCanister(CanisterId canister, @Nullable Long version) implements Origin {}
    }

    /// What changed.
    public sealed interface Details {
        /// Made, with these controllers; the hash of its environment variables if it got any.
        record Creation(List<Principal> controllers, @Nullable Digest environmentHash)
                implements Details {}

        /// The code was removed.
        record CodeUninstall() implements Details {}

        /// Code was installed.
        record CodeDeployment(Mode mode, Digest moduleHash) implements Details {}

        /// Controllers were set.
        record ControllersChange(List<Principal> controllers) implements Details {}
    }

    /// How code came in. Append-only: the ordinals stand in the state.
    public enum Mode {
        /// Onto an empty canister.
        INSTALL,
        /// Over everything.
        REINSTALL,
        /// Keeping stable memory.
        UPGRADE
    }

    /// All changes ever.
    public long total() {
        return total;
    }

    /// The last ones, oldest first.
    public List<Change> recent() {
        return recent;
    }

    /// The history with one more change.
    public CanisterHistory with(Change change) {
        List<Change> next = new ArrayList<>(recent);
        if (next.size() == KEPT_MAX) {
            next.removeFirst();
        }
        next.add(change);
        return new CanisterHistory(total + 1, List.copyOf(next));
    }

    /// About the bytes that it takes.
    public long bytes() {
        long sum = 0;
        for (Change change : recent) {
            sum +=
                    64
                            + switch (change.details()) {
                                case Details.Creation(List<Principal> controllers, _) ->
                                        32L * controllers.size();
                                case Details.ControllersChange(List<Principal> controllers) ->
                                        32L * controllers.size();
                                case Details.CodeUninstall() -> 0;
                                case Details.CodeDeployment _ -> 32;
                            };
        }
        return sum;
    }

    @Override
    protected void encode(ByteWriter out) {
        out.u64(total);
        out.u32(recent.size());
        for (Change change : recent) {
            out.u64(change.time());
            out.u64(change.version());
            switch (change.origin()) {
                case Origin.FromUser(Principal user) -> {
                    out.u8(0);
                    Codec.principal(out, user);
                }
                case Origin.FromCanister(CanisterId canister, Long version) -> {
                    out.u8(1);
                    Codec.principal(out, canister.principal());
                    out.bool(version != null);
                    out.u64(version == null ? 0 : version);
                }
            }
            switch (change.details()) {
                case Details.Creation(List<Principal> controllers, Digest hash) -> {
                    out.u8(0);
                    Codec.principals(out, controllers);
                    Codec.optional(out, hash);
                }
                case Details.CodeUninstall() -> out.u8(1);
                case Details.CodeDeployment(Mode mode, Digest hash) -> {
                    out.u8(2);
                    out.u8(mode.ordinal());
                    out.digest(hash);
                }
                case Details.ControllersChange(List<Principal> controllers) -> {
                    out.u8(3);
                    Codec.principals(out, controllers);
                }
            }
        }
    }

    static CanisterHistory decode(ByteReader in) throws MalformedException {
        long total = in.u64();
        int count = in.count(KEPT_MAX, 18);
        List<Change> recent = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            recent.add(new Change(in.u64(), in.u64(), origin(in), details(in)));
        }
        return new CanisterHistory(total, List.copyOf(recent));
    }

    private static Origin origin(ByteReader in) throws MalformedException {
        int code = in.u8();
        return switch (code) {
            case 0 -> new Origin.FromUser(Codec.principal(in));
            case 1 -> {
                CanisterId canister = new CanisterId(Codec.principal(in));
                boolean told = in.bool();
                long version = in.u64();
                yield new Origin.FromCanister(canister, told ? version : null);
            }
            default -> throw Codec.unknown("origin of a change", code);
        };
    }

    private static Details details(ByteReader in) throws MalformedException {
        int code = in.u8();
        return switch (code) {
            case 0 -> new Details.Creation(Codec.principals(in), Codec.optionalDigest(in));
            case 1 -> new Details.CodeUninstall();
            case 2 -> new Details.CodeDeployment(mode(in.u8()), in.digest());
            case 3 -> new Details.ControllersChange(Codec.principals(in));
            default -> throw Codec.unknown("details of a change", code);
        };
    }

    private static Mode mode(int code) throws MalformedException {
        if (code >= Mode.values().length) {
            throw Codec.unknown("mode of deployment", code);
        }
        return Mode.values()[code];
    }
}
