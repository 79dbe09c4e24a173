package icj.execution.management;

import icj.candid.CandidValue;
import icj.execution.canister.Accounting;
import icj.execution.canister.CanisterDraft;
import icj.execution.canister.Prices;
import icj.state.model.CanisterHistory;
import icj.state.model.CanisterLog;
import icj.state.model.Lifecycle;
import icj.state.model.ModuleCode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// What `canister_status`, `canister_info` and `fetch_canister_logs` tell.
final class StatusReport {
    private StatusReport() {}

    static CandidValue status(CanisterDraft canister, Prices prices) {
        ModuleCode module = canister.module();
        CandidValue state =
                switch (canister.lifecycle()) {
                    case Lifecycle.Running() -> CandidValue.Variant.of("running");
                    case Lifecycle.Stopping _ -> CandidValue.Variant.of("stopping");
                    case Lifecycle.Stopped() -> CandidValue.Variant.of("stopped");
                };
        boolean ready =
                canister.lifecycle() instanceof Lifecycle.Stopped && !canister.hasMessages();
        CandidValue nothing = Values.nat(0);
        return CandidValue.Record.builder()
                .put("status", state)
                .put("ready_for_migration", new CandidValue.Bool(ready))
                .put("version", Values.nat64(canister.version()))
                .put("settings", SettingsArgument.definite(canister.settings()))
                .put("module_hash", moduleHash(module))
                .put("memory_size", Values.nat(canister.memoryUsage()))
                .put("memory_metrics", memory(canister, module))
                .put("cycles", Values.nat(canister.balance()))
                .put("reserved_cycles", Values.nat(canister.reserved()))
                .put(
                        "idle_cycles_burned_per_day",
                        Values.nat(Accounting.burnedPerDay(canister, prices)))
                .put(
                        "query_stats",
                        CandidValue.Record.builder()
                                .put("num_calls_total", nothing)
                                .put("num_instructions_total", nothing)
                                .put("request_payload_bytes_total", nothing)
                                .put("response_payload_bytes_total", nothing)
                                .build())
                .build();
    }

    private static CandidValue memory(CanisterDraft canister, @Nullable ModuleCode module) {
        return CandidValue.Record.builder()
                .put("wasm_memory_size", Values.nat(canister.memory().heapBytes()))
                .put("stable_memory_size", Values.nat(canister.memory().stableBytes()))
                .put("global_memory_size", Values.nat(8L * canister.memory().globals().size()))
                .put("wasm_binary_size", Values.nat(module == null ? 0 : module.wasm().length()))
                .put(
                        "custom_sections_size",
                        Values.nat(module == null ? 0 : module.metadataBytes()))
                .put("canister_history_size", Values.nat(canister.history().bytes()))
                .put("wasm_chunk_store_size", Values.nat(canister.chunks().bytes()))
                .put("snapshots_size", Values.nat(0))
                .build();
    }

    /// @param requested how many of the last changes are wanted; 0 for none
    static CandidValue info(CanisterDraft canister, long requested) {
        List<CanisterHistory.Change> recent = canister.history().recent();
        int shown = requested < 0 || requested > recent.size() ? recent.size() : (int) requested;
        List<CandidValue> changes = new ArrayList<>();
        for (CanisterHistory.Change change : recent.subList(recent.size() - shown, recent.size())) {
            changes.add(change(change));
        }
        return CandidValue.Record.builder()
                .put("total_num_changes", Values.nat64(canister.history().total()))
                .put("recent_changes", new CandidValue.Vec(changes))
                .put("module_hash", moduleHash(canister.module()))
                .put("controllers", Values.principals(canister.settings().controllers()))
                .build();
    }

    static CandidValue logs(CanisterDraft canister) {
        List<CandidValue> records = new ArrayList<>();
        for (CanisterLog.Line line : canister.log().lines()) {
            records.add(
                    CandidValue.Record.builder()
                            .put("idx", Values.nat64(line.index()))
                            .put("timestamp_nanos", Values.nat64(line.time()))
                            .put("content", Values.blob(line.content()))
                            .build());
        }
        return CandidValue.Record.builder()
                .put("canister_log_records", new CandidValue.Vec(records))
                .build();
    }

    private static CandidValue moduleHash(@Nullable ModuleCode module) {
        return Values.opt(module == null ? null : Values.blob(module.hash()));
    }

    private static CandidValue change(CanisterHistory.Change change) {
        CandidValue origin =
                switch (change.origin()) {
                    case CanisterHistory.Origin.FromUser(var user) ->
                            CandidValue.Variant.of(
                                    "from_user",
                                    CandidValue.Record.builder()
                                            .put("user_id", new CandidValue.Id(user))
                                            .build());
                    case CanisterHistory.Origin.FromCanister(var id, Long version) ->
                            CandidValue.Variant.of(
                                    "from_canister",
                                    CandidValue.Record.builder()
                                            .put("canister_id", new CandidValue.Id(id.principal()))
                                            .put(
                                                    "canister_version",
                                                    Values.opt(
                                                            version == null
                                                                    ? null
                                                                    : Values.nat64(version)))
                                            .build());
                };
        return CandidValue.Record.builder()
                .put("timestamp_nanos", Values.nat64(change.time()))
                .put("canister_version", Values.nat64(change.version()))
                .put("origin", origin)
                .put("details", details(change.details()))
                .build();
    }

    private static CandidValue details(CanisterHistory.Details details) {
        return switch (details) {
            case CanisterHistory.Details.Creation(var controllers, var hash) ->
                    CandidValue.Variant.of(
                            "creation",
                            CandidValue.Record.builder()
                                    .put("controllers", Values.principals(controllers))
                                    .put(
                                            "environment_variables_hash",
                                            Values.opt(hash == null ? null : Values.blob(hash)))
                                    .build());
            case CanisterHistory.Details.CodeUninstall() ->
                    CandidValue.Variant.of("code_uninstall");
            case CanisterHistory.Details.CodeDeployment(var mode, var hash) ->
                    CandidValue.Variant.of(
                            "code_deployment",
                            CandidValue.Record.builder()
                                    .put(
                                            "mode",
                                            CandidValue.Variant.of(
                                                    switch (mode) {
                                                        case INSTALL -> "install";
                                                        case REINSTALL -> "reinstall";
                                                        case UPGRADE -> "upgrade";
                                                    }))
                                    .put("module_hash", Values.blob(hash))
                                    .build());
            case CanisterHistory.Details.ControllersChange(var controllers) ->
                    CandidValue.Variant.of(
                            "controllers_change",
                            CandidValue.Record.builder()
                                    .put("controllers", Values.principals(controllers))
                                    .build());
        };
    }
}
