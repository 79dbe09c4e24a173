package icj.execution.system;

import icj.execution.wasm.Ic0;

/// Reply and reject.
final class AnswerApi {
    private static final String ANSWERING = "U RQ NRQ TQ CQ Ry Rt CRy CRt";

    private AnswerApi() {}

    static void register(ApiTable table) {
        table.procedure(
                Ic0.MSG_REPLY_DATA_APPEND,
                ANSWERING,
                (e, a, guest) -> {
                    e.answerDue();
                    e.append(
                            GuestBytes.read(
                                    guest,
                                    a[0],
                                    a[1],
                                    Execution.QUERY_REPLY_BYTES_MAX,
                                    "The reply"));
                });
        table.procedure(Ic0.MSG_REPLY, ANSWERING, (e, _, _) -> e.reply());
        table.procedure(
                Ic0.MSG_REJECT,
                ANSWERING,
                (e, a, guest) -> {
                    e.answerDue();
                    e.reject(
                            GuestBytes.text(
                                    guest,
                                    a[0],
                                    a[1],
                                    Execution.REPLY_BYTES_MAX,
                                    "A reject message"));
                });
    }
}
