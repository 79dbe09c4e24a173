package icj.execution.management;

import icj.execution.message.Rejects;
import icj.state.model.Answer;

/// A call to the management canister that is rejected; caught where the call is answered.
final class RejectedCall extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Answer.Reject reject;

    RejectedCall(Answer.Reject reject) {
        super(reject.message(), null, false, false);
        this.reject = reject;
    }

    RejectedCall(int errorCode, String message) {
        this(Rejects.of(errorCode, message));
    }

    Answer.Reject reject() {
        return reject;
    }
}
