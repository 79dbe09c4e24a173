package icj.agent;

import icj.candid.CandidValue;
import icj.candid.Principal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Settings of a canister that are to change; the others stay as they are, or get their defaults
/// when the canister is made. Immutable; methods return another object.
public final class CanisterSettings {
    /// Nothing changes.
    public static final CanisterSettings UNCHANGED =
            new CanisterSettings(CandidValue.Record.builder().build());

    private final CandidValue.Record fields;

    private CanisterSettings(CandidValue.Record fields) {
        this.fields = fields;
    }

    /// Who may change and delete the canister, at most 10.
    public CanisterSettings controllers(List<Principal> controllers) {
        List<CandidValue> ids = new ArrayList<>();
        for (Principal controller : controllers) {
            ids.add(new CandidValue.Id(controller));
        }
        return with("controllers", new CandidValue.Vec(ids));
    }

    /// The share of a core that is kept for the canister, 0 to 100 percent.
    public CanisterSettings computeAllocation(int percent) {
        return with("compute_allocation", CandidValue.Nat.of(percent));
    }

    /// The bytes that are kept for the canister.
    public CanisterSettings memoryAllocation(BigInteger bytes) {
        return with("memory_allocation", new CandidValue.Nat(bytes));
    }

    /// For how many seconds of idling the canister keeps cycles back.
    public CanisterSettings freezingThreshold(BigInteger seconds) {
        return with("freezing_threshold", new CandidValue.Nat(seconds));
    }

    /// How many cycles may be reserved for memory.
    public CanisterSettings reservedCyclesLimit(BigInteger cycles) {
        return with("reserved_cycles_limit", new CandidValue.Nat(cycles));
    }

    /// How large the heap may grow, in bytes; 0 is without limit.
    public CanisterSettings wasmMemoryLimit(BigInteger bytes) {
        return with("wasm_memory_limit", new CandidValue.Nat(bytes));
    }

    /// How many bytes below the limit the canister is warned.
    public CanisterSettings wasmMemoryThreshold(BigInteger bytes) {
        return with("wasm_memory_threshold", new CandidValue.Nat(bytes));
    }

    /// Names and values that the canister can read, at most 20.
    public CanisterSettings environmentVariables(Map<String, String> variables) {
        List<CandidValue> pairs = new ArrayList<>();
        variables.forEach((name, value) ->
                pairs.add(
                        CandidValue.Record.builder()
                                .put("name", new CandidValue.Text(name))
                                .put("value", new CandidValue.Text(value))
                                .build()));
        return with("environment_variables", new CandidValue.Vec(pairs));
    }

    private CanisterSettings with(String name, CandidValue value) {
        List<CandidValue.Field> all = new ArrayList<>(fields.fields());
        CandidValue.Record one = CandidValue.Record.builder().put(name, value).build();
        all.removeIf(field -> field.label().equals(one.fields().get(0).label()));
        all.addAll(one.fields());
        return new CanisterSettings(new CandidValue.Record(all));
    }

    CandidValue.Record toCandid() {
        return fields;
    }
}
