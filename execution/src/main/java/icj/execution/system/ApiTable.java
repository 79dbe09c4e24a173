package icj.execution.system;

import icj.execution.wasm.Guest;
import icj.execution.wasm.GuestTrap;
import icj.execution.wasm.Ic0;
import icj.execution.wasm.Trap;
import icj.types.Invariant;

/// Every `ic0` function with the contexts that may call it and the code that answers (interface
/// digest, section 3). One class for each group of functions fills it in.
final class ApiTable {
    /// The one table.
    static final ApiTable INSTANCE = new ApiTable();

    private final Handler[] handlers = new Handler[Ic0.values().length];
    private final int[] contexts = new int[Ic0.values().length];

    private ApiTable() {
        ArgumentApi.register(this);
        AnswerApi.register(this);
        CyclesApi.register(this);
        CanisterApi.register(this);
        CallApi.register(this);
        StableApi.register(this);
        CertificateApi.register(this);
        EnvironmentApi.register(this);
        CostApi.register(this);
        DebugApi.register(this);
        // R-I4: canisters link every function by name, so each must have its code.
        for (Ic0 function : Ic0.values()) {
            Invariant.check(
                    handlers[function.ordinal()] != null,
                    "ic0.%s has no code",
                    function.importName());
        }
    }

    /// The code behind one function.
    @FunctionalInterface
    interface Handler {
        /// Answers a call; arguments and result as in [icj.execution.wasm.Ic0Host].
        long call(Execution execution, long[] arguments, Guest guest);
    }

    /// The code behind a function without a result.
    @FunctionalInterface
    interface Procedure {
        /// Does what the function does.
        void call(Execution execution, long[] arguments, Guest guest);
    }

    /// Declares a function with a result.
    void function(Ic0 function, String labels, Handler handler) {
        if (handlers[function.ordinal()] != null) {
            throw new IllegalStateException(function.importName() + " stands in the table twice");
        }
        handlers[function.ordinal()] = handler;
        contexts[function.ordinal()] = ApiContext.set(labels);
    }

    /// Declares a function without a result.
    void procedure(Ic0 function, String labels, Procedure procedure) {
        function(
                function,
                labels,
                (execution, arguments, guest) -> {
                    procedure.call(execution, arguments, guest);
                    return 0;
                });
    }

    /// Whether the context may call the function.
    boolean allows(Ic0 function, ApiContext context) {
        return (contexts[function.ordinal()] >> context.ordinal() & 1) != 0;
    }

    /// Calls a function.
    long call(Ic0 function, Execution execution, long[] arguments, Guest guest) {
        if (!allows(function, execution.context())) {
            throw violation(
                    "\"ic0_"
                            + function.importName()
                            + "\" cannot be executed in "
                            + execution.context().label()
                            + " mode");
        }
        return handlers[function.ordinal()].call(execution, arguments, guest);
    }

    /// The trap of a canister that broke a rule of the System API.
    static GuestTrap violation(String message) {
        return new GuestTrap(Trap.CONTRACT_VIOLATION, message);
    }
}
