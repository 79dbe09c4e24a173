package icj.agent;

import icj.candid.CandidException;
import icj.candid.CandidInterface;

/// The methods of the management canister that clients call, with the fields that this agent uses.
/// Answers may hold more: Candid lets older clients skip them.
final class ManagementInterface {
    private static final String TEXT =
            """
            type settings = record {
              controllers : opt vec principal;
              compute_allocation : opt nat;
              memory_allocation : opt nat;
              freezing_threshold : opt nat;
              reserved_cycles_limit : opt nat;
              wasm_memory_limit : opt nat;
              wasm_memory_threshold : opt nat;
              environment_variables : opt vec record { name : text; value : text };
            };
            type mode = variant {
              install;
              reinstall;
              upgrade : opt record {
                skip_pre_upgrade : opt bool;
                wasm_memory_persistence : opt variant { keep; replace };
              };
            };
            type canister = record { canister_id : principal };
            type chunk_hash = record { hash : blob };
            type definite_settings = record {
              controllers : vec principal;
              compute_allocation : nat;
              memory_allocation : nat;
              freezing_threshold : nat;
              reserved_cycles_limit : opt nat;
              wasm_memory_limit : opt nat;
              wasm_memory_threshold : opt nat;
              environment_variables : opt vec record { name : text; value : text };
            };
            type status = record {
              status : variant { running; stopping; stopped };
              version : opt nat64;
              settings : definite_settings;
              module_hash : opt blob;
              memory_size : nat;
              cycles : nat;
              reserved_cycles : opt nat;
              idle_cycles_burned_per_day : nat;
              query_stats : opt record {
                num_calls_total : nat;
                num_instructions_total : nat;
                request_payload_bytes_total : nat;
                response_payload_bytes_total : nat;
              };
            };
            service : {
              provisional_create_canister_with_cycles : (record {
                amount : opt nat;
                settings : opt settings;
                specified_id : opt principal;
              }) -> (canister);
              provisional_top_up_canister : (record {
                canister_id : principal;
                amount : nat;
              }) -> ();
              update_settings : (record { canister_id : principal; settings : settings }) -> ();
              install_code : (record {
                mode : mode;
                canister_id : principal;
                wasm_module : blob;
                arg : blob;
              }) -> ();
              install_chunked_code : (record {
                mode : mode;
                target_canister : principal;
                store_canister : opt principal;
                chunk_hashes_list : vec chunk_hash;
                wasm_module_hash : blob;
                arg : blob;
              }) -> ();
              upload_chunk : (record { canister_id : principal; chunk : blob }) -> (chunk_hash);
              stored_chunks : (canister) -> (vec chunk_hash);
              clear_chunk_store : (canister) -> ();
              uninstall_code : (canister) -> ();
              start_canister : (canister) -> ();
              stop_canister : (canister) -> ();
              delete_canister : (canister) -> ();
              canister_status : (canister) -> (status) query;
            }
            """;

    static final CandidInterface INTERFACE = parse();

    private ManagementInterface() {}

    private static CandidInterface parse() {
        try {
            return CandidInterface.parse(TEXT);
        } catch (CandidException e) {
            throw new IllegalStateException("Our own interface text is wrong", e);
        }
    }
}
