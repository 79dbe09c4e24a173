package icj.execution.message;

import icj.execution.wasm.Trap;
import icj.state.model.Answer;
import icj.types.CanisterId;

/// The rejects that the system itself answers with (interface specification, "Reject codes"; error
/// codes as the interface digest lists them in 1.6).
public final class Rejects {
    private static final int TEXT_MAX = 8 << 10;

    private Rejects() {}

    /// A reject whose code is the hundreds digit of its error code.
    public static Answer.Reject of(int errorCode, String message) {
        String text = message.length() > TEXT_MAX ? message.substring(0, TEXT_MAX) : message;
        return new Answer.Reject(
                errorCode / 100, text, "IC" + (errorCode < 1000 ? "0" : "") + errorCode);
    }

    /// The canister's code trapped.
    public static Answer.Reject trapped(CanisterId canister, Trap trap) {
        return of(trap.code(), "Error from Canister " + canister + ": " + sentence(trap));
    }

    /// What a trap is called in rejects and logs.
    public static String sentence(Trap trap) {
        return switch (trap.code()) {
            case Trap.TRAPPED -> "Canister trapped: " + trap.message();
            case Trap.CALLED_TRAP ->
                    "Canister called `ic0.trap` with message: '" + trap.message() + "'";
            case Trap.CONTRACT_VIOLATION -> "Canister violated contract: " + trap.message();
            default -> trap.message();
        };
    }

    /// No such canister on this subnet.
    public static Answer.Reject noCanister(CanisterId canister) {
        return of(301, "Canister " + canister + " not found");
    }

    /// The canister has no code.
    public static Answer.Reject noModule(CanisterId canister) {
        return of(
                537,
                "Error from Canister "
                        + canister
                        + ": Attempted to execute a message, but the canister contains no Wasm"
                        + " module");
    }

    /// The canister takes no calls.
    public static Answer.Reject stopped(CanisterId canister) {
        return of(508, "Canister " + canister + " is stopped");
    }

    /// The canister takes no calls any more.
    public static Answer.Reject stopping(CanisterId canister) {
        return of(509, "Canister " + canister + " is stopping");
    }

    /// The canister can't pay.
    public static Answer.Reject frozen(CanisterId canister) {
        return of(
                207,
                "Canister "
                        + canister
                        + " is out of cycles: please top it up so that it stays above its freezing"
                        + " threshold");
    }

    /// The canister has no method of this name.
    public static Answer.Reject noMethod(CanisterId canister, String kind, String method) {
        String shown = method.length() > 200 ? method.substring(0, 200) + "..." : method;
        return of(
                536,
                "Error from Canister "
                        + canister
                        + ": Canister has no "
                        + kind
                        + " method '"
                        + shown
                        + "'");
    }

    /// The canister's code ended and will never answer.
    public static Answer.Reject noReply(CanisterId canister) {
        return of(506, "Error from Canister " + canister + ": Canister did not reply to the call");
    }

    /// A composite query was called by an update.
    public static Answer.Reject compositeInUpdate(CanisterId canister, String method) {
        String shown = method.length() > 200 ? method.substring(0, 200) + "..." : method;
        return of(
                527,
                "Composite query '"
                        + shown
                        + "' of canister "
                        + canister
                        + " cannot be called in replicated mode");
    }
}
