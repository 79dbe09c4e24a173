package icj.state.model;

import icj.candid.Principal;
import icj.types.Cycles;
import icj.wire.ByteReader;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// What controllers may change of a canister (interface specification, "Settings").
///
/// @param controllers strictly increasing, at most 10
/// @param computeAllocation per cent, 0 to 100
/// @param memoryAllocation bytes, 0 for best effort
/// @param freezingThresholdSeconds unsigned
/// @param reservedCyclesLimit largest amount set aside for storage
/// @param minimumIncomingCycles below this, calls of other canisters are rejected
/// @param wasmMemoryLimit bytes of heap for updates and installs, 0 for none
/// @param wasmMemoryThreshold bytes left at which the low-memory hook runs, 0 for never
/// @param logVisibility who reads the log
/// @param snapshotVisibility who lists and reads snapshots
/// @param statusVisibility who asks for the status
/// @param environment strictly increasing by name (bytes of UTF-8), at most 20
public record CanisterSettings(
        List<Principal> controllers,
        int computeAllocation,
        long memoryAllocation,
        long freezingThresholdSeconds,
        Cycles reservedCyclesLimit,
        Cycles minimumIncomingCycles,
        long wasmMemoryLimit,
        long wasmMemoryThreshold,
        Visibility logVisibility,
        Visibility snapshotVisibility,
        Visibility statusVisibility,
        List<Variable> environment) {
    private static final long DAY_SECONDS = 86_400;
    private static final long DEFAULT_FREEZING_SECONDS = 30 * DAY_SECONDS;
    private static final long DEFAULT_WASM_MEMORY_LIMIT = 3L << 30;
    private static final Cycles DEFAULT_RESERVED_LIMIT =
            new Cycles(BigInteger.valueOf(5_000_000_000_000L));

    public CanisterSettings {
        controllers = List.copyOf(controllers);
        environment = List.copyOf(environment);
    }

    /// One environment variable.
    public record Variable(String name, String value) {}

    /// Who may look at something of the canister. Controllers always may.
    public sealed interface Visibility {
        /// Controllers only.
        record Controllers() implements Visibility {}

        /// Everybody.
        record Public() implements Visibility {}

        /// Controllers and these, at most 10, strictly increasing.
        record Viewers(List<Principal> viewers) implements Visibility {
            public Viewers {
                viewers = List.copyOf(viewers);
            }
        }

        /// Whether someone who is no controller may look.
        default boolean admits(Principal someone) {
            return switch (this) {
                case Controllers() -> false;
                case Public() -> true;
                case Viewers(List<Principal> viewers) -> viewers.contains(someone);
            };
        }
    }

    /// The settings of a new canister that names none.
    public static CanisterSettings defaults(List<Principal> controllers) {
        Visibility hidden = new Visibility.Controllers();
        return new CanisterSettings(
                controllers,
                0,
                0,
                DEFAULT_FREEZING_SECONDS,
                DEFAULT_RESERVED_LIMIT,
                Cycles.ZERO,
                DEFAULT_WASM_MEMORY_LIMIT,
                0,
                hidden,
                hidden,
                hidden,
                List.of());
    }

    /// Whether `someone` controls the canister.
    public boolean isController(Principal someone) {
        return controllers.contains(someone);
    }

    /// The same, but nothing is reserved.
    public CanisterSettings withoutAllocations() {
        return computeAllocation == 0 && memoryAllocation == 0
                ? this
                : new CanisterSettings(
                        controllers,
                        0,
                        0,
                        freezingThresholdSeconds,
                        reservedCyclesLimit,
                        minimumIncomingCycles,
                        wasmMemoryLimit,
                        wasmMemoryThreshold,
                        logVisibility,
                        snapshotVisibility,
                        statusVisibility,
                        environment);
    }

    void encode(ByteWriter out) {
        Codec.principals(out, controllers);
        out.u32(computeAllocation);
        out.u64(memoryAllocation);
        out.u64(freezingThresholdSeconds);
        Codec.cycles(out, reservedCyclesLimit);
        Codec.cycles(out, minimumIncomingCycles);
        out.u64(wasmMemoryLimit);
        out.u64(wasmMemoryThreshold);
        encode(out, logVisibility);
        encode(out, snapshotVisibility);
        encode(out, statusVisibility);
        out.u32(environment.size());
        for (Variable variable : environment) {
            out.text(variable.name());
            out.text(variable.value());
        }
    }

    static CanisterSettings decode(ByteReader in) throws MalformedException {
        List<Principal> controllers = Codec.principals(in);
        int compute = in.u32();
        long memory = in.u64();
        long freezing = in.u64();
        Cycles reserved = Codec.cycles(in);
        Cycles minimum = Codec.cycles(in);
        long limit = in.u64();
        long threshold = in.u64();
        Visibility log = visibility(in);
        Visibility snapshots = visibility(in);
        Visibility status = visibility(in);
        int count = in.count(Codec.COUNT_MAX, 8);
        List<Variable> environment = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            environment.add(new Variable(Codec.text(in), Codec.text(in)));
        }
        return new CanisterSettings(
                controllers,
                compute,
                memory,
                freezing,
                reserved,
                minimum,
                limit,
                threshold,
                log,
                snapshots,
                status,
                environment);
    }

    private static void encode(ByteWriter out, Visibility visibility) {
        switch (visibility) {
            case Visibility.Controllers() -> out.u8(0);
            case Visibility.Public() -> out.u8(1);
            case Visibility.Viewers(List<Principal> viewers) -> {
                out.u8(2);
                Codec.principals(out, viewers);
            }
        }
    }

    private static Visibility visibility(ByteReader in) throws MalformedException {
        int code = in.u8();
        return switch (code) {
            case 0 -> new Visibility.Controllers();
            case 1 -> new Visibility.Public();
            case 2 -> new Visibility.Viewers(Codec.principals(in));
            default -> throw Codec.unknown("visibility", code);
        };
    }
}
