package icj.execution.management;

import icj.candid.Candid;
import icj.candid.CandidException;
import icj.candid.CandidInterface;
import icj.candid.CandidType;
import icj.candid.CandidValue;
import icj.candid.Principal;
import icj.types.Blob;
import icj.types.CanisterId;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The methods of the management canister as this replica serves them, in Candid (interface
/// specification, "IC management canister"; names and types are the specification's).
public final class ManagementInterface {
    private static final String DID =
            """
            type visibility = variant {
              controllers; public; allowed_viewers : vec principal };
            type variable = record { name : text; value : text };
            type settings = record {
              controllers : opt vec principal;
              compute_allocation : opt nat;
              memory_allocation : opt nat;
              freezing_threshold : opt nat;
              reserved_cycles_limit : opt nat;
              minimum_incoming_canister_call_cycles : opt nat;
              wasm_memory_limit : opt nat;
              wasm_memory_threshold : opt nat;
              log_visibility : opt visibility;
              snapshot_visibility : opt visibility;
              status_visibility : opt visibility;
              environment_variables : opt vec variable };
            type definite_settings = record {
              controllers : vec principal;
              compute_allocation : nat;
              memory_allocation : nat;
              freezing_threshold : nat;
              reserved_cycles_limit : nat;
              minimum_incoming_canister_call_cycles : nat;
              wasm_memory_limit : nat;
              wasm_memory_threshold : nat;
              log_visibility : visibility;
              snapshot_visibility : visibility;
              status_visibility : visibility;
              environment_variables : vec variable };
            type mode = variant {
              install; reinstall;
              upgrade : opt record {
                skip_pre_upgrade : opt bool;
                wasm_memory_persistence : opt variant { keep; replace } } };
            type change = record {
              timestamp_nanos : nat64;
              canister_version : nat64;
              origin : variant {
                from_user : record { user_id : principal };
                from_canister : record {
                  canister_id : principal; canister_version : opt nat64 } };
              details : variant {
                creation : record {
                  controllers : vec principal; environment_variables_hash : opt blob };
                code_uninstall;
                code_deployment : record {
                  mode : variant { install; reinstall; upgrade }; module_hash : blob };
                controllers_change : record { controllers : vec principal } } };
            service : {
              create_canister : (record {
                settings : opt settings; sender_canister_version : opt nat64 })
                -> (record { canister_id : principal });
              provisional_create_canister_with_cycles : (record {
                amount : opt nat; settings : opt settings; specified_id : opt principal;
                sender_canister_version : opt nat64 })
                -> (record { canister_id : principal });
              provisional_top_up_canister : (record {
                canister_id : principal; amount : nat }) -> ();
              update_settings : (record {
                canister_id : principal; settings : settings;
                sender_canister_version : opt nat64 }) -> ();
              install_code : (record {
                mode : mode; canister_id : principal; wasm_module : blob; arg : blob;
                sender_canister_version : opt nat64 }) -> ();
              install_chunked_code : (record {
                mode : mode; target_canister : principal; store_canister : opt principal;
                chunk_hashes_list : vec record { hash : blob }; wasm_module_hash : blob;
                arg : blob; sender_canister_version : opt nat64 }) -> ();
              upload_chunk : (record { canister_id : principal; chunk : blob })
                -> (record { hash : blob });
              stored_chunks : (record { canister_id : principal })
                -> (vec record { hash : blob });
              clear_chunk_store : (record { canister_id : principal }) -> ();
              uninstall_code : (record {
                canister_id : principal; sender_canister_version : opt nat64 }) -> ();
              start_canister : (record { canister_id : principal }) -> ();
              stop_canister : (record { canister_id : principal }) -> ();
              delete_canister : (record { canister_id : principal }) -> ();
              deposit_cycles : (record { canister_id : principal }) -> ();
              raw_rand : () -> (blob);
              canister_status : (record { canister_id : principal }) -> (record {
                status : variant { running; stopping; stopped };
                ready_for_migration : bool;
                version : nat64;
                settings : definite_settings;
                module_hash : opt blob;
                memory_size : nat;
                memory_metrics : record {
                  wasm_memory_size : nat; stable_memory_size : nat; global_memory_size : nat;
                  wasm_binary_size : nat; custom_sections_size : nat;
                  canister_history_size : nat; wasm_chunk_store_size : nat;
                  snapshots_size : nat };
                cycles : nat;
                reserved_cycles : nat;
                idle_cycles_burned_per_day : nat;
                query_stats : record {
                  num_calls_total : nat; num_instructions_total : nat;
                  request_payload_bytes_total : nat; response_payload_bytes_total : nat } })
                query;
              canister_info : (record {
                canister_id : principal; num_requested_changes : opt nat64 })
                -> (record {
                  total_num_changes : nat64; recent_changes : vec change;
                  module_hash : opt blob; controllers : vec principal });
              canister_metadata : (record { canister_id : principal; name : text })
                -> (record { value : blob });
              fetch_canister_logs : (record { canister_id : principal }) -> (record {
                canister_log_records : vec record {
                  idx : nat64; timestamp_nanos : nat64; content : blob } }) query;
            }
            """;

    private static final CandidInterface METHODS = parse();

    private static final CandidType CANISTER =
            CandidType.Record.of(
                    CandidType.Field.of("canister_id", CandidType.Primitive.PRINCIPAL));
    private static final CandidType TARGET =
            CandidType.Record.of(
                    CandidType.Field.of("target_canister", CandidType.Primitive.PRINCIPAL));

    private static final CandidType SENDER =
            CandidType.Record.of(
                    CandidType.Field.of(
                            "sender_canister_version",
                            new CandidType.Opt(CandidType.Primitive.NAT64)));

    private ManagementInterface() {}

    private static CandidInterface parse() {
        try {
            return CandidInterface.parse(DID);
        } catch (CandidException e) {
            throw new IllegalStateException("The management canister's interface is wrong", e);
        }
    }

    /// Whether this replica serves the method.
    public static boolean has(String method) {
        CandidType.Service service = METHODS.service();
        return service != null && service.get(method) != null;
    }

    /// Whether calls of this method concern no canister yet, but make one.
    public static boolean creates(String method) {
        return method.equals("create_canister")
                || method.equals("provisional_create_canister_with_cycles");
    }

    /// The canister that a call concerns, or null when its argument names none.
    public static @Nullable CanisterId concerned(String method, Blob argument) {
        boolean chunked = method.equals("install_chunked_code");
        try {
            CandidValue.Record record =
                    Candid.decode(argument.shared(), List.of(chunked ? TARGET : CANISTER))
                            .getFirst()
                            .asRecord();
            Principal id = record.get(chunked ? "target_canister" : "canister_id").asPrincipal();
            return new CanisterId(id);
        } catch (CandidException e) {
            return null;
        }
    }

    /// What a call says of the version of the canister that sends it, or null when it says nothing.
    static @Nullable Long senderVersion(String method, Blob argument) {
        switch (method) {
            case "create_canister",
                    "provisional_create_canister_with_cycles",
                    "update_settings",
                    "install_code",
                    "install_chunked_code",
                    "uninstall_code" -> {}
            default -> {
                return null;
            }
        }
        try {
            CandidValue version =
                    Candid.decode(argument.shared(), List.of(SENDER))
                            .getFirst()
                            .asRecord()
                            .get("sender_canister_version")
                            .asOpt();
            return version == null ? null : version.asNumber().longValue();
        } catch (CandidException e) {
            // The management canister says so in its answer.
            return null;
        }
    }

    /// The arguments of a method that is served.
    static List<CandidValue> decode(String method, Blob argument) throws CandidException {
        return Candid.decode(argument.shared(), METHODS.method(method).arguments());
    }

    /// The reply of a method that is served.
    static Blob encode(String method, List<CandidValue> results) {
        try {
            return Blob.owning(Candid.encode(METHODS.method(method).results(), results));
        } catch (CandidException e) {
            throw new IllegalStateException("There is no method " + method, e);
        }
    }

    /// The values of a reply.
    static List<CandidValue> decodeReply(String method, Blob reply) throws CandidException {
        return Candid.decode(reply.shared(), METHODS.method(method).results());
    }
}
