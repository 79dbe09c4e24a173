package icj.state.model;

import icj.types.Cycles;
import icj.wire.ByteReader;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;

import java.util.ArrayList;
import java.util.List;

/// The call contexts of a canister and the callbacks of the calls that it waits for.
public final class CallTable extends HashedPart {
    /// What a call without a response takes of a node's heap, about: callback, its part of the call
    /// context, and a short answer, for which there must be room whenever it comes.
    public static final long CALLBACK_BYTES = 1_024;

    /// Nothing open.
    public static final CallTable EMPTY = new CallTable(1, 1, List.of(), List.of());

    private final long nextContext;
    private final long nextCallback;
    private final List<CallContext> contexts;
    private final List<Callback> callbacks;
    private final long firstDeadline;

    /// @param nextContext the number of the next context
    /// @param nextCallback the number of the next callback
    /// @param contexts strictly increasing by number
    /// @param callbacks strictly increasing by number
    public CallTable(
            long nextContext,
            long nextCallback,
            List<CallContext> contexts,
            List<Callback> callbacks) {
        this.nextContext = nextContext;
        this.nextCallback = nextCallback;
        this.contexts = List.copyOf(contexts);
        this.callbacks = List.copyOf(callbacks);
        long first = 0;
        for (Callback callback : this.callbacks) {
            if (callback.deadline() != 0 && !callback.expired()) {
                first = first == 0 ? callback.deadline() : Math.min(first, callback.deadline());
            }
        }
        this.firstDeadline = first;
    }

    /// When the first best-effort call's time is over, nanoseconds since 1970; 0 when none waits.
    public long firstDeadline() {
        return firstDeadline;
    }

    /// The number of the next context.
    public long nextContext() {
        return nextContext;
    }

    /// The number of the next callback.
    public long nextCallback() {
        return nextCallback;
    }

    /// All contexts, strictly increasing by number.
    public List<CallContext> contexts() {
        return contexts;
    }

    /// All callbacks, strictly increasing by number.
    public List<Callback> callbacks() {
        return callbacks;
    }

    @Override
    protected void encode(ByteWriter out) {
        out.u64(nextContext).u64(nextCallback);
        out.count(contexts.size());
        for (CallContext context : contexts) {
            out.u64(context.id());
            Codec.origin(out, context.origin());
            Codec.cycles(out, context.cycles());
            out.bool(context.answered()).bool(context.deleted());
            out.u32(context.outstanding()).u64(context.startedAt()).u64(context.instructions());
        }
        out.count(callbacks.size());
        for (Callback callback : callbacks) {
            out.u64(callback.id()).u64(callback.context());
            Codec.canister(out, callback.callee());
            Codec.cycles(out, callback.cyclesSent());
            closure(out, callback.reply());
            closure(out, callback.reject());
            Callback.Closure cleanup = callback.cleanup();
            out.bool(cleanup != null);
            if (cleanup != null) {
                closure(out, cleanup);
            }
            out.u64(callback.deadline());
            Codec.cycles(out, callback.executionPrepaid());
            Codec.cycles(out, callback.transmissionPrepaid());
            out.bool(callback.expired());
        }
    }

    static CallTable decode(ByteReader in) throws MalformedException {
        long nextContext = in.u64();
        long nextCallback = in.u64();
        int count = in.count(Codec.COUNT_MAX, 40);
        List<CallContext> contexts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            contexts.add(
                    new CallContext(
                            in.u64(),
                            Codec.origin(in),
                            Codec.cycles(in),
                            in.bool(),
                            in.bool(),
                            in.u32(),
                            in.u64(),
                            in.u64()));
        }
        count = in.count(Codec.COUNT_MAX, 40);
        List<Callback> callbacks = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long id = in.u64();
            long context = in.u64();
            var callee = Codec.canister(in);
            Cycles sent = Codec.cycles(in);
            Callback.Closure reply = closure(in);
            Callback.Closure reject = closure(in);
            Callback.Closure cleanup = in.bool() ? closure(in) : null;
            callbacks.add(
                    new Callback(
                            id,
                            context,
                            callee,
                            sent,
                            reply,
                            reject,
                            cleanup,
                            in.u64(),
                            Codec.cycles(in),
                            Codec.cycles(in),
                            in.bool()));
        }
        return new CallTable(nextContext, nextCallback, contexts, callbacks);
    }

    private static void closure(ByteWriter out, Callback.Closure closure) {
        out.u64(closure.function()).u64(closure.environment());
    }

    private static Callback.Closure closure(ByteReader in) throws MalformedException {
        return new Callback.Closure(in.u64(), in.u64());
    }
}
