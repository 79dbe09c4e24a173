package icj.execution.system;

import icj.execution.wasm.Guest;
import icj.execution.wasm.Ic0;
import icj.state.model.CanisterSettings;
import icj.types.Blob;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Environment variables, sorted by name.
final class EnvironmentApi {
    private static final int NAME_BYTES_MAX = 128;

    private EnvironmentApi() {}

    static void register(ApiTable table) {
        table.function(Ic0.ENV_VAR_COUNT, "*", (e, _, _) -> variables(e).size());
        table.function(Ic0.ENV_VAR_NAME_SIZE, "*", (e, a, _) -> name(e, a[0]).length());
        table.procedure(
                Ic0.ENV_VAR_NAME_COPY,
                "*",
                (e, a, guest) -> GuestBytes.copy(name(e, a[0]), a, 1, guest));
        table.function(
                Ic0.ENV_VAR_NAME_EXISTS,
                "*",
                (e, a, guest) -> find(e, guest, a[0], a[1]) == null ? 0 : 1);
        table.function(
                Ic0.ENV_VAR_VALUE_SIZE, "*", (e, a, guest) -> value(e, guest, a[0], a[1]).length());
        table.procedure(
                Ic0.ENV_VAR_VALUE_COPY,
                "*",
                (e, a, guest) -> GuestBytes.copy(value(e, guest, a[0], a[1]), a, 2, guest));
    }

    private static List<CanisterSettings.Variable> variables(Execution execution) {
        return execution.input().canister().settings().environment();
    }

    private static Blob name(Execution execution, long index) {
        List<CanisterSettings.Variable> variables = variables(execution);
        if (index < 0 || index >= variables.size()) {
            throw ApiTable.violation(
                    "There is no environment variable " + Long.toUnsignedString(index));
        }
        return utf8(variables.get((int) index).name());
    }

    private static Blob value(Execution execution, Guest guest, long address, long size) {
        CanisterSettings.Variable variable = find(execution, guest, address, size);
        if (variable == null) {
            throw ApiTable.violation("There is no environment variable of this name");
        }
        return utf8(variable.value());
    }

    private static CanisterSettings.@Nullable Variable find(
            Execution execution, Guest guest, long address, long size) {
        String name =
                GuestBytes.text(
                        guest,
                        address,
                        size,
                        NAME_BYTES_MAX,
                        "The name of an environment variable");
        for (CanisterSettings.Variable variable : variables(execution)) {
            if (variable.name().equals(name)) {
                return variable;
            }
        }
        return null;
    }

    private static Blob utf8(String text) {
        return Blob.owning(text.getBytes(StandardCharsets.UTF_8));
    }
}
