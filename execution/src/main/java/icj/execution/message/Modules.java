package icj.execution.message;

import icj.execution.wasm.CanisterModule;
import icj.execution.wasm.InvalidModuleException;
import icj.execution.wasm.WasmRuntime;
import icj.state.model.ModuleCode;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.Invariant;
import icj.types.Lookup;

/// The checked modules by hash, so that the bytes of a module are read and hashed when it is loaded
/// and not for each message. It holds none of these bytes. Thread-safe.
public final class Modules {
    private static final int KNOWN_MAX = 1_000;

    private final WasmRuntime runtime;
    private final Lookup<Digest, CanisterModule> known = new Lookup<>();

    /// @param runtime that checks and compiles modules
    public Modules(WasmRuntime runtime) {
        this.runtime = runtime;
    }

    /// The module of an installed canister.
    public CanisterModule of(ModuleCode code) {
        synchronized (known) {
            CanisterModule module = known.get(code.hash());
            if (module != null) {
                return module.readFrom(code.wasm()::toBlob);
            }
        }
        try {
            return check(code.wasm().toBlob()).readFrom(code.wasm()::toBlob);
        } catch (InvalidModuleException e) {
            // It was valid when it was installed, and what is valid does not change.
            throw new Invariant.Violation("Module " + code.hash() + ": " + e.getMessage());
        }
    }

    /// Checks the bytes of a module that is to be installed.
    public CanisterModule check(Blob bytes) throws InvalidModuleException {
        CanisterModule module = runtime.load(bytes);
        synchronized (known) {
            if (known.size() >= KNOWN_MAX) {
                known.clear();
            }
            known.put(module.moduleHash(), module.readFrom(CanisterModule.UNBOUND));
        }
        return module;
    }
}
