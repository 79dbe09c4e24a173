package icj.execution.system;

import icj.execution.wasm.Ic0;
import icj.state.model.Answer;
import icj.types.Blob;

import java.nio.charset.StandardCharsets;

/// What a message brings: argument, caller, reject, deadline, method name.
final class ArgumentApi {
    private static final String INFO = "U RQ NRQ CQ Ry Rt CRy CRt C CC F";
    private static final String ARGUMENT = "I U RQ NRQ TQ CQ Ry CRy F";

    private ArgumentApi() {}

    static void register(ApiTable table) {
        table.function(Ic0.MSG_ARG_DATA_SIZE, ARGUMENT, (e, _, _) -> e.input().argument().length());
        table.procedure(
                Ic0.MSG_ARG_DATA_COPY,
                ARGUMENT,
                (e, a, guest) -> GuestBytes.copy(e.input().argument(), a, 0, guest));
        table.function(Ic0.MSG_CALLER_SIZE, "*", (e, _, _) -> e.input().caller().length());
        table.procedure(
                Ic0.MSG_CALLER_COPY,
                "*",
                (e, a, guest) ->
                        GuestBytes.copy(Blob.owning(e.input().caller().toBytes()), a, 0, guest));
        // No request carries sender_info yet, so both parts are always empty.
        table.function(Ic0.MSG_CALLER_INFO_DATA_SIZE, INFO, (_, _, _) -> 0);
        table.procedure(
                Ic0.MSG_CALLER_INFO_DATA_COPY,
                INFO,
                (_, a, guest) -> GuestBytes.copy(Blob.EMPTY, a, 0, guest));
        table.function(Ic0.MSG_CALLER_INFO_SIGNER_SIZE, INFO, (_, _, _) -> 0);
        table.procedure(
                Ic0.MSG_CALLER_INFO_SIGNER_COPY,
                INFO,
                (_, a, guest) -> GuestBytes.copy(Blob.EMPTY, a, 0, guest));
        table.function(
                Ic0.MSG_REJECT_CODE,
                "Ry Rt CRy CRt C",
                (e, _, _) -> {
                    Answer.Reject reject = e.input().reject();
                    return reject == null ? 0 : reject.code();
                });
        table.function(Ic0.MSG_REJECT_MSG_SIZE, "Rt CRt", (e, _, _) -> rejectMessage(e).length());
        table.procedure(
                Ic0.MSG_REJECT_MSG_COPY,
                "Rt CRt",
                (e, a, guest) -> GuestBytes.copy(rejectMessage(e), a, 0, guest));
        table.function(
                Ic0.MSG_DEADLINE,
                "U RQ NRQ TQ CQ Ry Rt CRy CRt",
                (e, _, _) -> e.input().deadline());
        table.function(Ic0.MSG_METHOD_NAME_SIZE, "F", (e, _, _) -> methodName(e).length());
        table.procedure(
                Ic0.MSG_METHOD_NAME_COPY,
                "F",
                (e, a, guest) -> GuestBytes.copy(methodName(e), a, 0, guest));
        table.procedure(Ic0.ACCEPT_MESSAGE, "F", (e, _, _) -> e.acceptMessage());
    }

    private static Blob rejectMessage(Execution execution) {
        Answer.Reject reject = execution.input().reject();
        String message = reject == null ? "" : reject.message();
        return Blob.owning(message.getBytes(StandardCharsets.UTF_8));
    }

    private static Blob methodName(Execution execution) {
        return Blob.owning(execution.input().method().getBytes(StandardCharsets.UTF_8));
    }
}
