package icj.execution;

import icj.execution.canister.Accounting;
import icj.execution.canister.CanisterDraft;
import icj.execution.canister.Prices;
import icj.execution.canister.SubnetSettings;
import icj.execution.management.CanisterLifecycle;
import icj.execution.management.ManagementCanister;
import icj.execution.message.MessageRunner;
import icj.execution.message.Modules;
import icj.execution.message.Rejects;
import icj.execution.message.Round;
import icj.execution.wasm.WasmRuntime;
import icj.state.model.Answer;
import icj.state.model.CallOrigin;
import icj.state.model.Callback;
import icj.state.model.CanisterMessage;
import icj.state.model.IngressEntry;
import icj.state.model.Parties;
import icj.state.model.ReplicatedState;
import icj.types.CanisterId;
import icj.types.ConsensusTime;
import icj.types.Cycles;
import icj.types.Digest;
import icj.types.Invariant;
import icj.types.message.Batch;
import icj.types.message.IngressBody;
import icj.types.message.NextWork;
import icj.types.message.RequestContent;
import icj.types.message.RequestKind;
import icj.wire.MalformedException;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborFields;
import icj.wire.cbor.CborLimits;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/// Executes batches: a pure function of state and batch. Called by one thread at a time, the
/// execution thread, whose stack has at least [WasmRuntime#STACK_BYTES_MIN].
///
/// A batch is one round: old calls are forgotten, `raw_rand` is answered, deadlines and timers go
/// off, storage is charged for, the batch's update calls are taken, then canisters run in turns
/// ([Scheduler]) until nothing waits or the round's budget is used; what is left stays queued in
/// the state.
public final class BatchExecutor {
    /// A call may be in a block at most this long before it expires (R-C7).
    private static final long EXPIRY_NANOS_MAX = 300_000_000_000L;

    /// Users' calls that wait for one canister; more are rejected (R-S8: everything bounded).
    private static final int INGRESS_WAITING_MAX = 5_000;

    /// Canisters charged for storage in one round, about 10 ms: with more than the rounds of ten
    /// seconds reach, each is charged less often, and then for the longer time.
    private static final int CHARGES_MAX = 500;

    /// About how many instructions of Wasm take as long as one charge.
    private static final long CHARGE_WORK = 20_000;

    private final SubnetSettings settings;
    private final Scheduler scheduler;
    private final Parties parties = new Parties();

    /// @param runtime that runs modules
    /// @param settings of the subnet, from the registry
    public BatchExecutor(WasmRuntime runtime, SubnetSettings settings) {
        this.settings = settings;
        MessageRunner runner =
                new MessageRunner(
                        runtime,
                        settings,
                        new Modules(runtime),
                        ManagementCanister::refusalOfSending);
        this.scheduler = new Scheduler(runner, new ManagementCanister(runner));
    }

    /// The state after `batch`, which follows `before` without a gap.
    public ExecutedBatch execute(ReplicatedState before, Batch batch) {
        Invariant.check(
                batch.height().equals(before.height().next()),
                "Batches are executed without gaps, this is %s",
                batch.height());
        Round round = new Round(before, settings, batch.height(), batch.time());
        round.edit().forget(batch.time());
        Digest tape = batch.tape();
        if (tape != null) {
            ManagementCanister.answerRandomness(round, tape, batch.certifiedHeight().value());
        }
        deadlines(round);
        timers(round);
        storage(round);
        Induction induction = new Induction(round);
        for (IngressBody body : batch.ingress()) {
            induction.take(body);
        }
        CanisterId lastServed = scheduler.run(round);
        ReplicatedState after = round.commit(lastServed);
        return new ExecutedBatch(
                after,
                next(after, batch.time()),
                after.needsTape(),
                new ExecutedBatch.Stats(
                        induction.inducted,
                        induction.duplicates,
                        induction.refused,
                        round.messages(),
                        round.trapped(),
                        round.managementCalls(),
                        round.instructions(),
                        round.dirtyPages()),
                round.printed());
    }

    /// When execution wants the next batch (R-C10). `raw_rand` waits for a tape, which needs
    /// blocks.
    private static NextWork next(ReplicatedState after, ConsensusTime now) {
        if (!after.agenda().ready().isEmpty()
                || !after.system().calls().isEmpty()
                || after.needsTape()) {
            return new NextWork.Now();
        }
        long next = after.agenda().next();
        if (next <= 0) {
            return new NextWork.None();
        }
        return next <= now.value() ? new NextWork.Now() : new NextWork.At(new ConsensusTime(next));
    }

    /// Rejects best-effort calls whose time is over and ends stop calls that waited too long.
    private static void deadlines(Round round) {
        for (CanisterId id : round.before().agenda().deadlinesDue(round.now())) {
            CanisterDraft canister = round.canister(id);
            if (canister == null) {
                continue;
            }
            CanisterLifecycle.endStopCalls(round, canister);
            for (Callback callback : new ArrayList<>(canister.callbacks())) {
                if (callback.deadline() == 0
                        || callback.expired()
                        || callback.deadline() > round.now()) {
                    continue;
                }
                canister.expire(callback);
                round.deliver(
                        new CanisterMessage.Response(
                                callback.callee(),
                                id,
                                callback.id(),
                                Cycles.ZERO,
                                new Answer.Reject(
                                        6, "The deadline of the call has passed", "IC0601"),
                                callback.deadline()));
            }
        }
    }

    /// Sets off the global timers that are due: each is cleared before its task runs.
    private static void timers(Round round) {
        for (CanisterId id : round.before().agenda().timersDue(round.now())) {
            CanisterDraft canister = round.canister(id);
            if (canister != null) {
                canister.globalTimer(0);
                canister.timerDue(true);
                round.ready().add(id);
            }
        }
    }

    /// Charges canisters for their storage that were charged an interval ago; those that the round
    /// touches anyhow are charged there.
    private static void storage(Round round) {
        if (round.settings().prices().isFree()) {
            return;
        }
        long before = round.now() - Prices.CHARGE_INTERVAL_NANOS;
        for (CanisterId id : round.before().agenda().chargedBy(before, CHARGES_MAX)) {
            round.canister(id);
            round.worked(CHARGE_WORK);
        }
    }

    /// Takes the update calls of a batch into the state.
    private final class Induction {
        private final Round round;
        private int inducted;
        private int duplicates;
        private int refused;

        Induction(Round round) {
            this.round = round;
        }

        void take(IngressBody body) {
            if (round.call(body.id()) != null) {
                duplicates++;
                return;
            }
            RequestContent.Call call = decode(body);
            // Validation refused blocks with such calls (R-C7); this keeps a slip there harmless.
            if (call == null || expired(call) || isFull()) {
                refused++;
                return;
            }
            CanisterId effective = EffectiveCanisterId.of(call);
            if (effective == null) {
                effective = CanisterId.MANAGEMENT;
            }
            CallOrigin origin = new CallOrigin.User(body.id(), call.sender());
            CanisterMessage.Ingress message =
                    new CanisterMessage.Ingress(
                            body.id(),
                            call.sender(),
                            call.canister(),
                            effective,
                            call.method(),
                            call.arg(),
                            call.ingressExpiryNanos());
            round.remember(
                    new IngressEntry(
                            body.id(),
                            parties.sender(call.sender()),
                            parties.canister(effective),
                            new IngressEntry.Status.Received(),
                            0));
            Answer.Reject refusal = refusal(message);
            if (refusal != null) {
                refused++;
                round.answer(origin, call.canister(), refusal, Cycles.ZERO);
                return;
            }
            inducted++;
            round.deliver(message);
        }

        private boolean expired(RequestContent.Call call) {
            long expiry = call.ingressExpiryNanos();
            return Long.compareUnsigned(expiry, round.now()) < 0
                    || Long.compareUnsigned(expiry, round.now() + EXPIRY_NANOS_MAX) > 0;
        }

        private boolean isFull() {
            return round.callCount() >= settings.limits().historyEntriesMax();
        }

        /// Charges for the call; the canister that it concerns pays.
        private Answer.@Nullable Reject refusal(CanisterMessage.Ingress call) {
            CanisterId effective = call.effective();
            boolean toManagement = call.receiver().equals(CanisterId.MANAGEMENT);
            if (!round.backlog().hasRoomForUser(call.bytes())
                    || toManagement && !round.hasRoomForManagement(call.bytes())) {
                return Rejects.of(
                        201,
                        "The calls that wait on the subnet take all the room there is, try again"
                                + " later");
            }
            if (effective.equals(CanisterId.MANAGEMENT)) {
                return null;
            }
            CanisterDraft payer = round.canister(effective);
            if (payer == null) {
                return Rejects.noCanister(effective);
            }
            if (payer.ingressWaiting() >= INGRESS_WAITING_MAX
                    || !payer.hasRoomForUser(call.bytes())) {
                return Rejects.of(
                        201, "The queue of canister " + effective + " is full, try again later");
            }
            long bytes =
                    (long) call.method().getBytes(StandardCharsets.UTF_8).length
                            + call.arg().length();
            Cycles fee = settings.prices().ingress(bytes);
            if (!Accounting.canPay(payer, fee, settings.prices())) {
                // A frozen canister must still be reachable for its controllers' settings.
                return toManagement && call.method().equals("update_settings")
                        ? null
                        : Rejects.frozen(effective);
            }
            payer.consume(fee);
            return null;
        }
    }

    private static RequestContent.@Nullable Call decode(IngressBody body) {
        try {
            CborFields fields =
                    CborFields.of(Cbor.decode(body.envelope(), CborLimits.REQUEST), "the envelope");
            RequestContent content =
                    RequestContent.fromCbor(fields.required("content"), RequestKind.CALL);
            return content instanceof RequestContent.Call call ? call : null;
        } catch (MalformedException e) {
            return null;
        }
    }
}
