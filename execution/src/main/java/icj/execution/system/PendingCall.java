package icj.execution.system;

import icj.state.model.Callback;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Cycles;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/// A call between `call_new` and `call_perform`.
final class PendingCall {
    private final CanisterId callee;
    private final String method;
    private final Callback.Closure reply;
    private final Callback.Closure reject;
    private final Execution.ByteBuffer argument = new Execution.ByteBuffer();
    private Callback.@Nullable Closure cleanup;
    private Cycles cycles = Cycles.ZERO;
    private long deadline;

    PendingCall(CanisterId callee, String method, Callback.Closure reply, Callback.Closure reject) {
        this.callee = callee;
        this.method = method;
        this.reply = reply;
        this.reject = reject;
    }

    CanisterId callee() {
        return callee;
    }

    Cycles cycles() {
        return cycles;
    }

    void addCycles(Cycles amount) {
        cycles = cycles.plus(amount);
    }

    void append(byte[] bytes) {
        argument.append(bytes);
    }

    int argumentBytes() {
        return argument.size();
    }

    int methodBytes() {
        return method.getBytes(StandardCharsets.UTF_8).length;
    }

    boolean hasCleanup() {
        return cleanup != null;
    }

    void cleanup(Callback.Closure closure) {
        cleanup = closure;
    }

    boolean hasDeadline() {
        return deadline != 0;
    }

    void deadline(long time) {
        deadline = time;
    }

    OutgoingCall finished(Cycles executionPrepaid, Cycles transmissionPrepaid) {
        Blob bytes = argument.toBlob();
        return new OutgoingCall(
                callee,
                method,
                bytes,
                cycles,
                reply,
                reject,
                cleanup,
                deadline,
                executionPrepaid,
                transmissionPrepaid);
    }
}
