package icj.execution.management;

import icj.candid.CandidValue;
import icj.candid.Principal;
import icj.execution.canister.CanisterDraft;
import icj.execution.canister.Prices;
import icj.execution.message.Round;
import icj.state.model.CanisterSettings;
import icj.types.Cycles;
import icj.types.Digest;
import icj.wire.RepresentationHash;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/// Settings as calls bring them, and as `canister_status` tells them.
final class SettingsArgument {
    private static final int CONTROLLERS_MAX = 10;
    private static final int VIEWERS_MAX = 10;
    private static final int VARIABLES_MAX = 20;
    private static final int VARIABLE_BYTES_MAX = 128;
    private static final int COMPUTE_MAX = 100;
    private static final int SUBNET_COMPUTE_MAX = 299;

    /// Larger numbers are told by their size: a nat has no bound, and the decimal digits of one of
    /// 2 MiB take a minute.
    private static final int SHOWN_BITS_MAX = 128;

    private static final BigInteger MEMORY_MAX = BigInteger.ONE.shiftLeft(48);
    private static final BigInteger U64_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final BigInteger U128_MAX =
            BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

    private SettingsArgument() {}

    /// The settings with what the argument changes.
    ///
    /// @param now what holds so far
    /// @param reserved cycles that the canister has set aside
    static CanisterSettings apply(
            CanisterSettings now, CandidValue.Record argument, Cycles reserved)
            throws RejectedCall {
        CandidValue controllers = argument.get("controllers").asOpt();
        BigInteger compute =
                number(argument, "compute_allocation", BigInteger.valueOf(COMPUTE_MAX));
        BigInteger memory = number(argument, "memory_allocation", MEMORY_MAX);
        BigInteger freezing = number(argument, "freezing_threshold", U64_MAX);
        BigInteger reservedLimit = number(argument, "reserved_cycles_limit", U128_MAX);
        BigInteger minimum = number(argument, "minimum_incoming_canister_call_cycles", U128_MAX);
        BigInteger wasmLimit = number(argument, "wasm_memory_limit", MEMORY_MAX);
        BigInteger wasmThreshold = number(argument, "wasm_memory_threshold", MEMORY_MAX);
        CandidValue variables = argument.get("environment_variables").asOpt();
        if (reservedLimit != null && reservedLimit.compareTo(reserved.value()) < 0) {
            throw new RejectedCall(
                    540,
                    "Cannot set the reserved cycles limit to "
                            + reservedLimit
                            + ", since "
                            + reserved
                            + " cycles are reserved already");
        }
        return new CanisterSettings(
                controllers == null
                        ? now.controllers()
                        : principals(controllers, CONTROLLERS_MAX, "controllers"),
                compute == null ? now.computeAllocation() : compute.intValueExact(),
                memory == null ? now.memoryAllocation() : memory.longValueExact(),
                freezing == null ? now.freezingThresholdSeconds() : freezing.longValue(),
                reservedLimit == null ? now.reservedCyclesLimit() : new Cycles(reservedLimit),
                minimum == null ? now.minimumIncomingCycles() : new Cycles(minimum),
                wasmLimit == null ? now.wasmMemoryLimit() : wasmLimit.longValueExact(),
                wasmThreshold == null ? now.wasmMemoryThreshold() : wasmThreshold.longValueExact(),
                visibility(argument, "log_visibility", now.logVisibility()),
                visibility(argument, "snapshot_visibility", now.snapshotVisibility()),
                visibility(argument, "status_visibility", now.statusVisibility()),
                variables == null ? now.environment() : environment(variables));
    }

    /// Throws when the subnet can't promise what the settings reserve, or the canister can't pay
    /// for it.
    static void mustFit(
            Round round,
            CanisterSettings before,
            CanisterSettings after,
            @Nullable CanisterDraft canister)
            throws RejectedCall {
        int compute = after.computeAllocation() - before.computeAllocation();
        if (compute > 0
                && round.edit().agenda().computeAllocation() + compute > SUBNET_COMPUTE_MAX) {
            throw new RejectedCall(
                    402,
                    "The subnet has not enough compute left for an allocation of "
                            + after.computeAllocation()
                            + " per cent");
        }
        long usage = canister == null ? 0 : canister.memoryUsage();
        long more =
                Math.max(usage, after.memoryAllocation())
                        - Math.max(usage, before.memoryAllocation());
        if (more > 0 && more > round.bytesLeft()) {
            throw new RejectedCall(
                    402,
                    "The subnet has not enough memory left for an allocation of "
                            + after.memoryAllocation()
                            + " bytes");
        }
        if (canister != null && (compute > 0 || more > 0)) {
            Prices prices = round.settings().prices();
            Cycles needed =
                    prices.storage(
                            Math.max(usage, after.memoryAllocation()),
                            after.computeAllocation(),
                            new BigInteger(Long.toUnsignedString(after.freezingThresholdSeconds()))
                                    .multiply(BigInteger.valueOf(1_000_000_000L)));
            if (canister.balance().plus(canister.reserved()).compareTo(needed) < 0) {
                throw new RejectedCall(
                        531,
                        "Canister "
                                + canister.id()
                                + " has not enough cycles for these allocations: at least "
                                + needed
                                + " are needed");
            }
        }
        round.take(Math.max(0, more));
    }

    /// The hash of environment variables as the history tells it, or null when there are none.
    static @Nullable Digest environmentHash(CanisterSettings settings) {
        if (settings.environment().isEmpty()) {
            return null;
        }
        RepresentationHash hash = new RepresentationHash();
        for (CanisterSettings.Variable variable : settings.environment()) {
            hash.text(variable.name(), variable.value());
        }
        return hash.digest();
    }

    /// All settings as a value of `definite_settings`.
    static CandidValue definite(CanisterSettings settings) {
        List<CandidValue> controllers = new ArrayList<>();
        for (Principal controller : settings.controllers()) {
            controllers.add(new CandidValue.Id(controller));
        }
        List<CandidValue> variables = new ArrayList<>();
        for (CanisterSettings.Variable variable : settings.environment()) {
            variables.add(
                    CandidValue.Record.builder()
                            .put("name", new CandidValue.Text(variable.name()))
                            .put("value", new CandidValue.Text(variable.value()))
                            .build());
        }
        return CandidValue.Record.builder()
                .put("controllers", new CandidValue.Vec(controllers))
                .put("compute_allocation", Values.nat(settings.computeAllocation()))
                .put("memory_allocation", Values.nat(settings.memoryAllocation()))
                .put("freezing_threshold", Values.nat(settings.freezingThresholdSeconds()))
                .put("reserved_cycles_limit", Values.nat(settings.reservedCyclesLimit()))
                .put(
                        "minimum_incoming_canister_call_cycles",
                        Values.nat(settings.minimumIncomingCycles()))
                .put("wasm_memory_limit", Values.nat(settings.wasmMemoryLimit()))
                .put("wasm_memory_threshold", Values.nat(settings.wasmMemoryThreshold()))
                .put("log_visibility", visibility(settings.logVisibility()))
                .put("snapshot_visibility", visibility(settings.snapshotVisibility()))
                .put("status_visibility", visibility(settings.statusVisibility()))
                .put("environment_variables", new CandidValue.Vec(variables))
                .build();
    }

    private static @Nullable BigInteger number(
            CandidValue.Record argument, String field, BigInteger max) throws RejectedCall {
        CandidValue value = argument.get(field).asOpt();
        if (value == null) {
            return null;
        }
        BigInteger number = value.asNumber();
        if (number.compareTo(max) > 0) {
            String shown =
                    number.bitLength() <= SHOWN_BITS_MAX
                            ? number.toString()
                            : "a number of " + number.bitLength() + " bits";
            throw new RejectedCall(
                    408,
                    "The setting " + field + " is " + shown + ", at most " + max + " is valid");
        }
        return number;
    }

    private static List<Principal> principals(CandidValue value, int max, String what)
            throws RejectedCall {
        TreeSet<Principal> sorted = new TreeSet<>();
        List<CandidValue> elements = value.asVec();
        if (elements.size() > max) {
            throw new RejectedCall(
                    408,
                    "There may be at most " + max + " " + what + ", these are " + elements.size());
        }
        for (CandidValue element : elements) {
            sorted.add(element.asPrincipal());
        }
        return new ArrayList<>(sorted);
    }

    private static CanisterSettings.Visibility visibility(
            CandidValue.Record argument, String field, CanisterSettings.Visibility now)
            throws RejectedCall {
        CandidValue value = argument.get(field).asOpt();
        if (value == null) {
            return now;
        }
        CandidValue.Variant variant = value.asVariant();
        if (variant.is("public")) {
            return new CanisterSettings.Visibility.Public();
        }
        if (variant.is("controllers")) {
            return new CanisterSettings.Visibility.Controllers();
        }
        return new CanisterSettings.Visibility.Viewers(
                principals(variant.value(), VIEWERS_MAX, "allowed viewers"));
    }

    private static CandidValue visibility(CanisterSettings.Visibility visibility) {
        return switch (visibility) {
            case CanisterSettings.Visibility.Controllers() -> CandidValue.Variant.of("controllers");
            case CanisterSettings.Visibility.Public() -> CandidValue.Variant.of("public");
            case CanisterSettings.Visibility.Viewers(List<Principal> viewers) -> {
                List<CandidValue> list = new ArrayList<>();
                for (Principal viewer : viewers) {
                    list.add(new CandidValue.Id(viewer));
                }
                yield CandidValue.Variant.of("allowed_viewers", new CandidValue.Vec(list));
            }
        };
    }

    private static List<CanisterSettings.Variable> environment(CandidValue value)
            throws RejectedCall {
        List<CandidValue> elements = value.asVec();
        if (elements.size() > VARIABLES_MAX) {
            throw new RejectedCall(
                    408,
                    "There may be at most "
                            + VARIABLES_MAX
                            + " environment variables, these are "
                            + elements.size());
        }
        TreeMap<byte[], CanisterSettings.Variable> sorted = new TreeMap<>(Arrays::compareUnsigned);
        for (CandidValue element : elements) {
            String name = element.asRecord().get("name").asText();
            String content = element.asRecord().get("value").asText();
            byte[] key = name.getBytes(StandardCharsets.UTF_8);
            if (key.length > VARIABLE_BYTES_MAX
                    || content.getBytes(StandardCharsets.UTF_8).length > VARIABLE_BYTES_MAX) {
                throw new RejectedCall(
                        408,
                        "Names and values of environment variables have at most "
                                + VARIABLE_BYTES_MAX
                                + " bytes");
            }
            if (sorted.put(key, new CanisterSettings.Variable(name, content)) != null) {
                throw new RejectedCall(408, "The environment variable " + name + " comes twice");
            }
        }
        return new ArrayList<>(sorted.values());
    }
}
