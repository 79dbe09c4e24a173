package icj.execution.management;

import icj.candid.CandidException;
import icj.candid.CandidValue;
import icj.candid.Principal;
import icj.execution.canister.CanisterDraft;
import icj.execution.canister.Prices;
import icj.execution.message.MessageRunner;
import icj.execution.message.Rejects;
import icj.execution.message.Round;
import icj.execution.message.Uninstallation;
import icj.execution.wasm.binary.ModuleWork;
import icj.state.model.Answer;
import icj.state.model.CallOrigin;
import icj.state.model.CanisterHistory;
import icj.state.model.CanisterMessage;
import icj.state.model.CanisterSettings;
import icj.state.model.ChunkStore;
import icj.state.model.ModuleCode;
import icj.state.model.SystemState;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Cycles;
import icj.types.Digest;
import icj.types.Invariant;
import icj.wire.ByteWriter;
import icj.wire.Sha256;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// The management canister `aaaaa-aa` (interface specification, "IC management canister"): makes,
/// changes and ends canisters. Each call is executed at once and answered, but for stop calls and
/// `raw_rand`, which wait.
public final class ManagementCanister {
    /// What a canister gets that is made for a user without an amount.
    private static final BigInteger PROVISIONAL_CYCLES = BigInteger.valueOf(100_000_000_000_000L);

    /// About how many instructions of Wasm take as long as one call.
    private static final long CALL_WORK = 200_000;

    /// A canister's call is executed only when so long an answer has room: its effects can't be
    /// taken back afterwards.
    private static final long ANSWER_BYTES = 2 << 20;

    private final CodeInstallation installation;

    /// @param runner that runs the entry points of modules
    public ManagementCanister(MessageRunner runner) {
        this.installation = new CodeInstallation(runner);
    }

    /// Methods that only canisters call.
    private static boolean onlyCanisters(String method) {
        return switch (method) {
            case "create_canister",
                    "deposit_cycles",
                    "raw_rand",
                    "canister_info",
                    "canister_metadata" ->
                    true;
            default -> false;
        };
    }

    /// Whether users may call the method by an update.
    public static boolean servesUsers(String method) {
        return ManagementInterface.has(method)
                && !onlyCanisters(method)
                && !method.equals("fetch_canister_logs");
    }

    /// Whether a user may call the method on a canister with these settings; the canister decides
    /// again when it is executed.
    public static boolean mayCall(Principal user, String method, CanisterSettings settings) {
        return settings.isController(user)
                || method.equals("provisional_top_up_canister")
                || method.equals("canister_status") && settings.statusVisibility().admits(user);
    }

    /// Why a canister's call is rejected when it leaves, or null: what it says of its sender's
    /// version has to be so.
    ///
    /// @param version of the sender while it made the call
    public static Answer.@Nullable Reject refusalOfSending(
            String method, Blob argument, long version) {
        Long told = ManagementInterface.senderVersion(method, argument);
        return told == null || told == version
                ? null
                : Rejects.of(
                        504,
                        "The call of "
                                + method
                                + " says that its sender has version "
                                + Long.toUnsignedString(told)
                                + ", but it has version "
                                + Long.toUnsignedString(version));
    }

    /// Executes a call that arrived.
    ///
    /// @param message an ingress message or a request
    public void execute(Round round, CanisterMessage message) {
        round.managed();
        round.worked(CALL_WORK);
        switch (message) {
            case CanisterMessage.Ingress ingress -> {
                CallOrigin origin = new CallOrigin.User(ingress.id(), ingress.sender());
                if (Long.compareUnsigned(ingress.expiry(), round.now()) < 0) {
                    round.answer(
                            origin,
                            CanisterId.MANAGEMENT,
                            Rejects.of(202, "The call expired before it was begun"),
                            Cycles.ZERO);
                    return;
                }
                Caller caller = new Caller(origin, ingress.sender(), Cycles.ZERO);
                execute(round, caller, ingress.method(), ingress.arg());
            }
            case CanisterMessage.Request request -> {
                CallOrigin origin =
                        new CallOrigin.Canister(
                                request.sender(), request.callback(), request.deadline());
                if (!round.backlog().hasRoomForAnswer(ANSWER_BYTES)) {
                    round.answer(
                            origin,
                            CanisterId.MANAGEMENT,
                            Rejects.of(
                                    201, "Too many messages wait on the subnet, try again later"),
                            request.cycles());
                    return;
                }
                Caller caller = new Caller(origin, request.sender().principal(), request.cycles());
                execute(round, caller, request.method(), request.arg());
            }
            case CanisterMessage.Response _ ->
                    throw new Invariant.Violation("The management canister calls nobody");
        }
    }

    private void execute(Round round, Caller caller, String method, Blob argument) {
        try {
            Done done = dispatch(round, caller, method, argument);
            if (done != null) {
                round.answer(caller.origin(), CanisterId.MANAGEMENT, done.answer(), done.refund());
            }
        } catch (RejectedCall rejected) {
            round.answer(
                    caller.origin(), CanisterId.MANAGEMENT, rejected.reject(), caller.cycles());
        }
    }

    /// An answer and the cycles that go back with it.
    private record Done(Answer answer, Cycles refund) {}

    private static Done reply(Caller caller, String method, CandidValue... results) {
        return new Done(
                new Answer.Reply(ManagementInterface.encode(method, List.of(results))),
                caller.cycles());
    }

    /// @return null when the answer comes later
    private @Nullable Done dispatch(Round round, Caller caller, String method, Blob argument)
            throws RejectedCall {
        boolean user = caller.origin() instanceof CallOrigin.User;
        if (!ManagementInterface.has(method)) {
            throw new RejectedCall(
                    407, "The management canister has no method '" + shown(method) + "' here");
        }
        if (user && !servesUsers(method)) {
            throw new RejectedCall(
                    406, "The method '" + method + "' of the management canister is not for users");
        }
        if (method.equals("fetch_canister_logs")) {
            throw new RejectedCall(406, "fetch_canister_logs can be called by a query only");
        }
        List<CandidValue> arguments;
        try {
            arguments = ManagementInterface.decode(method, argument);
        } catch (CandidException e) {
            throw new RejectedCall(408, "Error decoding candid: " + e.getMessage());
        }
        if (method.equals("raw_rand")) {
            return randomness(round, caller);
        }
        CandidValue.Record record = arguments.getFirst().asRecord();
        switch (method) {
            case "create_canister" -> {
                return create(round, caller, record);
            }
            case "provisional_create_canister_with_cycles" -> {
                return provisionalCreate(round, caller, record);
            }
            case "install_chunked_code" -> {
                return installChunked(round, caller, record);
            }
            default -> {
                return ofCanister(round, caller, method, record);
            }
        }
    }

    private @Nullable Done ofCanister(
            Round round, Caller caller, String method, CandidValue.Record record)
            throws RejectedCall {
        CanisterDraft canister = Caller.canister(round, record);
        switch (method) {
            case "provisional_top_up_canister" -> {
                canister.credit(Cycles.saturated(record.get("amount").asNumber()));
                return reply(caller, method);
            }
            case "deposit_cycles" -> {
                canister.credit(caller.cycles());
                return new Done(
                        new Answer.Reply(ManagementInterface.encode(method, List.of())),
                        Cycles.ZERO);
            }
            case "canister_status" -> {
                mayAskStatus(caller, canister);
                return reply(
                        caller, method, StatusReport.status(canister, round.settings().prices()));
            }
            case "canister_info" -> {
                CandidValue wanted = record.get("num_requested_changes").asOpt();
                long count = wanted == null ? 0 : wanted.asNumber().longValue();
                return reply(caller, method, StatusReport.info(canister, count));
            }
            case "canister_metadata" -> {
                return reply(caller, method, metadata(caller, canister, record));
            }
            case "stop_canister" -> {
                caller.mustControl(canister);
                return CanisterLifecycle.stop(round, caller, canister)
                        ? reply(caller, method)
                        : null;
            }
            case "upload_chunk" -> {
                caller.mustControlOrBe(canister);
                Blob chunk = Blob.owning(record.get("chunk").asBlob());
                return reply(caller, method, Values.hash(Chunks.upload(round, canister, chunk)));
            }
            case "stored_chunks" -> {
                caller.mustControlOrBe(canister);
                List<CandidValue> hashes = new ArrayList<>();
                for (ChunkStore.Chunk chunk : canister.chunks().chunks()) {
                    hashes.add(Values.hash(chunk.hash()));
                }
                return reply(caller, method, new CandidValue.Vec(hashes));
            }
            case "clear_chunk_store" -> {
                caller.mustControlOrBe(canister);
                round.take(-canister.chunks().bytes());
                canister.chunks(ChunkStore.EMPTY);
                return reply(caller, method);
            }
            default -> {
                caller.mustControl(canister);
                change(round, caller, canister, method, record);
                return reply(caller, method);
            }
        }
    }

    /// Methods of controllers that answer nothing.
    private void change(
            Round round,
            Caller caller,
            CanisterDraft canister,
            String method,
            CandidValue.Record record)
            throws RejectedCall {
        switch (method) {
            case "update_settings" -> updateSettings(round, caller, canister, record);
            case "install_code" ->
                    installation.install(
                            round,
                            canister,
                            caller,
                            CodeInstallation.Plan.of(record.get("mode")),
                            Blob.owning(record.get("wasm_module").asBlob()),
                            Blob.owning(record.get("arg").asBlob()),
                            caller.forHistory(record));
            case "uninstall_code" -> Uninstallation.run(round, canister, caller.forHistory(record));
            case "start_canister" -> CanisterLifecycle.start(round, canister);
            case "delete_canister" -> CanisterLifecycle.delete(round, caller, canister);
            default ->
                    throw new RejectedCall(
                            407,
                            "The method '" + method + "' is not supported by this replica yet");
        }
    }

    private static String shown(String method) {
        return method.length() > 100 ? method.substring(0, 100) + "..." : method;
    }

    // Making canisters.

    private Done create(Round round, Caller caller, CandidValue.Record record) throws RejectedCall {
        Prices prices = round.settings().prices();
        Cycles price = prices.creation();
        if (caller.cycles().compareTo(price) < 0) {
            throw new RejectedCall(
                    403,
                    "Creating a canister costs "
                            + price
                            + " cycles, the call had "
                            + caller.cycles());
        }
        CanisterSettings settings = newSettings(round, caller, record);
        CanisterId id = free(round);
        CanisterDraft canister =
                made(round, caller, record, id, settings, caller.cycles().minus(price));
        canister.consumed(price);
        return new Done(created(caller, "create_canister", id).answer(), Cycles.ZERO);
    }

    private Done provisionalCreate(Round round, Caller caller, CandidValue.Record record)
            throws RejectedCall {
        CandidValue amount = record.get("amount").asOpt();
        CandidValue specified = record.get("specified_id").asOpt();
        CanisterSettings settings = newSettings(round, caller, record);
        CanisterId id;
        if (specified == null) {
            id = free(round);
        } else {
            id = new CanisterId(specified.asPrincipal());
            if (!round.settings().hosts(id)) {
                throw new RejectedCall(
                        408,
                        "The specified id "
                                + id
                                + " is not in the canister ranges of subnet "
                                + round.settings().subnet());
            }
            if (round.exists(id)) {
                throw new RejectedCall(
                        new Answer.Reject(3, "Canister " + id + " is already installed", "IC0301"));
            }
            mustHaveRoom(round);
        }
        Cycles balance = Cycles.saturated(amount == null ? PROVISIONAL_CYCLES : amount.asNumber());
        made(round, caller, record, id, settings, balance);
        return created(caller, "provisional_create_canister_with_cycles", id);
    }

    private static Done created(Caller caller, String method, CanisterId id) {
        CandidValue result =
                CandidValue.Record.builder()
                        .put("canister_id", new CandidValue.Id(id.principal()))
                        .build();
        return reply(caller, method, result);
    }

    private static CanisterSettings newSettings(
            Round round, Caller caller, CandidValue.Record record) throws RejectedCall {
        CanisterSettings defaults = CanisterSettings.defaults(List.of(caller.principal()));
        CandidValue given = record.get("settings").asOpt();
        if (given == null) {
            return defaults;
        }
        CanisterSettings settings = SettingsArgument.apply(defaults, given.asRecord(), Cycles.ZERO);
        SettingsArgument.mustFit(round, defaults, settings, null);
        return settings;
    }

    private static void mustHaveRoom(Round round) throws RejectedCall {
        long max = round.settings().limits().canistersMax();
        if (round.canisterCount() >= max) {
            throw new RejectedCall(102, "The subnet has its largest number of canisters, " + max);
        }
    }

    private static CanisterId free(Round round) throws RejectedCall {
        mustHaveRoom(round);
        CanisterId id = round.allocate();
        if (id == null) {
            throw new RejectedCall(102, "The subnet has no canister id left");
        }
        return id;
    }

    private static CanisterDraft made(
            Round round,
            Caller caller,
            CandidValue.Record record,
            CanisterId id,
            CanisterSettings settings,
            Cycles balance) {
        CanisterDraft canister = round.create(id, settings, balance);
        canister.record(
                new CanisterHistory.Change(
                        round.now(),
                        canister.version(),
                        caller.forHistory(record),
                        new CanisterHistory.Details.Creation(
                                settings.controllers(),
                                SettingsArgument.environmentHash(settings))));
        return canister;
    }

    // Changing canisters.

    private static void updateSettings(
            Round round, Caller caller, CanisterDraft canister, CandidValue.Record record)
            throws RejectedCall {
        CandidValue.Record argument = record.get("settings").asRecord();
        CanisterSettings before = canister.settings();
        CanisterSettings after = SettingsArgument.apply(before, argument, canister.reserved());
        SettingsArgument.mustFit(round, before, after, canister);
        canister.settings(after);
        canister.raiseVersion();
        if (argument.get("controllers").asOpt() != null) {
            canister.record(
                    new CanisterHistory.Change(
                            round.now(),
                            canister.version(),
                            caller.forHistory(record),
                            new CanisterHistory.Details.ControllersChange(after.controllers())));
        }
    }

    private Done installChunked(Round round, Caller caller, CandidValue.Record record)
            throws RejectedCall {
        CanisterDraft target = Caller.canister(round, record.get("target_canister").asPrincipal());
        caller.mustControl(target);
        CandidValue storeId = record.get("store_canister").asOpt();
        CanisterDraft store =
                storeId == null ? target : Caller.canister(round, storeId.asPrincipal());
        caller.mustControlOrBe(store);
        CodeInstallation.mustPay(round, target, false);
        Blob module = Chunks.assemble(round, store, record.get("chunk_hashes_list").asVec());
        Blob expected = Blob.of(record.get("wasm_module_hash").asBlob());
        if (!expected.equals(Blob.owning(Sha256.of(module.shared()).shared()))) {
            CodeInstallation.payFailure(round, target, ModuleWork.reading(module.length()));
            throw new RejectedCall(408, "The chunks don't make a module of the hash " + expected);
        }
        installation.install(
                round,
                target,
                caller,
                CodeInstallation.Plan.of(record.get("mode")),
                module,
                Blob.owning(record.get("arg").asBlob()),
                caller.forHistory(record));
        return reply(caller, "install_chunked_code");
    }

    // Asking.

    private static void mayAskStatus(Caller caller, CanisterDraft canister) throws RejectedCall {
        if (!canister.settings().statusVisibility().admits(caller.principal())) {
            caller.mustControlOrBe(canister);
        }
    }

    private static CandidValue metadata(
            Caller caller, CanisterDraft canister, CandidValue.Record record) throws RejectedCall {
        ModuleCode module = canister.module();
        if (module == null) {
            throw new RejectedCall(Rejects.noModule(canister.id()));
        }
        String name = record.get("name").asText();
        ModuleCode.Section section = module.section(name);
        if (section == null || !section.open() && !canister.isController(caller.principal())) {
            throw new RejectedCall(
                    406, "The canister has no custom section '" + shown(name) + "' to read");
        }
        return CandidValue.Record.builder().put("value", Values.blob(section.content())).build();
    }

    // R-E13: answered with a tape of a later height.
    private static @Nullable Done randomness(Round round, Caller caller) throws RejectedCall {
        if (!(caller.origin() instanceof CallOrigin.Canister origin)) {
            throw new RejectedCall(406, "raw_rand can be called by canisters only");
        }
        List<SystemState.RandomnessRequest> waiting = round.randomness();
        long number = waiting.isEmpty() ? 0 : waiting.getLast().number() + 1;
        waiting.add(
                new SystemState.RandomnessRequest(round.height(), number, origin, caller.cycles()));
        return null;
    }

    /// Answers the `raw_rand` calls that were asked at or below a height.
    ///
    /// @param tape the randomness of the batch (R-C6)
    /// @param certified the height whose state the tape was made for
    public static void answerRandomness(Round round, Digest tape, long certified) {
        List<SystemState.RandomnessRequest> left = new ArrayList<>();
        for (SystemState.RandomnessRequest request : round.randomness()) {
            if (request.askedAt().value() > certified) {
                left.add(request);
                continue;
            }
            ByteWriter seed = new ByteWriter();
            seed.digest(tape);
            seed.blob(request.origin().canister().principal().toBytes());
            seed.u64(request.askedAt().value()).u64(request.number());
            CandidValue bytes = CandidValue.Blob.owning(Sha256.of(seed.toBytes()).toBytes());
            round.answer(
                    request.origin(),
                    CanisterId.MANAGEMENT,
                    new Answer.Reply(ManagementInterface.encode("raw_rand", List.of(bytes))),
                    request.cycles());
        }
        round.randomness().clear();
        round.randomness().addAll(left);
    }

    // Queries.

    /// The answer of a query to the management canister.
    ///
    /// @param canister the one that the argument names
    public static Answer query(
            Principal sender,
            String method,
            Blob argument,
            @Nullable CanisterDraft canister,
            Prices prices) {
        try {
            if (!method.equals("canister_status") && !method.equals("fetch_canister_logs")) {
                throw new RejectedCall(
                        ManagementInterface.has(method) ? 406 : 407,
                        "The management canister has no query method '" + shown(method) + "'");
            }
            CanisterId named = ManagementInterface.concerned(method, argument);
            if (named == null) {
                throw new RejectedCall(408, "The argument names no canister_id");
            }
            if (canister == null) {
                throw new RejectedCall(Rejects.noCanister(named));
            }
            if (method.equals("canister_status")) {
                if (!canister.settings().statusVisibility().admits(sender)
                        && !canister.isController(sender)) {
                    throw new RejectedCall(
                            512, "Only controllers of canister " + named + " can ask its status");
                }
                return new Answer.Reply(
                        ManagementInterface.encode(
                                method, List.of(StatusReport.status(canister, prices))));
            }
            if (!canister.settings().logVisibility().admits(sender)
                    && !canister.isController(sender)) {
                throw new RejectedCall(512, "The caller may not read the log of canister " + named);
            }
            return new Answer.Reply(
                    ManagementInterface.encode(method, List.of(StatusReport.logs(canister))));
        } catch (RejectedCall rejected) {
            return rejected.reject();
        }
    }
}
