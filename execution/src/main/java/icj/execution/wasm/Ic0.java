package icj.execution.wasm;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Every function that a module may import from `ic0` (reference: interface, section 3), with its
/// type for both kinds of memory and its price in instructions (R-E10).
///
/// Letters of a type: `I` is `i64` in modules with a 64-bit memory and `i32` in all others, `i` is
/// `i32`, `l` is `i64`.
public enum Ic0 {
    /// `msg_arg_data_size`
    MSG_ARG_DATA_SIZE("", "I", 500, false),
    /// `msg_arg_data_copy`
    MSG_ARG_DATA_COPY("III", "", 500, false),
    /// `msg_caller_size`
    MSG_CALLER_SIZE("", "I", 500, false),
    /// `msg_caller_copy`
    MSG_CALLER_COPY("III", "", 500, false),
    /// `msg_caller_info_data_size`
    MSG_CALLER_INFO_DATA_SIZE("", "I", 500, false),
    /// `msg_caller_info_data_copy`
    MSG_CALLER_INFO_DATA_COPY("III", "", 500, false),
    /// `msg_caller_info_signer_size`
    MSG_CALLER_INFO_SIGNER_SIZE("", "I", 500, false),
    /// `msg_caller_info_signer_copy`
    MSG_CALLER_INFO_SIGNER_COPY("III", "", 500, false),
    /// `msg_reject_code`
    MSG_REJECT_CODE("", "i", 500, false),
    /// `msg_reject_msg_size`
    MSG_REJECT_MSG_SIZE("", "I", 500, false),
    /// `msg_reject_msg_copy`
    MSG_REJECT_MSG_COPY("III", "", 500, false),
    /// `msg_deadline`
    MSG_DEADLINE("", "l", 500, false),
    /// `msg_reply_data_append`
    MSG_REPLY_DATA_APPEND("II", "", 500, false),
    /// `msg_reply`
    MSG_REPLY("", "", 500, false),
    /// `msg_reject`
    MSG_REJECT("II", "", 500, false),
    /// `msg_cycles_available128`
    MSG_CYCLES_AVAILABLE128("I", "", 500, false),
    /// `msg_cycles_refunded128`
    MSG_CYCLES_REFUNDED128("I", "", 500, false),
    /// `msg_cycles_accept128`
    MSG_CYCLES_ACCEPT128("llI", "", 500, false),
    /// `cycles_burn128`
    CYCLES_BURN128("llI", "", 500, false),
    /// `canister_self_size`
    CANISTER_SELF_SIZE("", "I", 500, false),
    /// `canister_self_copy`
    CANISTER_SELF_COPY("III", "", 500, false),
    /// `subnet_self_size`
    SUBNET_SELF_SIZE("", "I", 500, false),
    /// `subnet_self_copy`
    SUBNET_SELF_COPY("III", "", 500, false),
    /// `canister_cycle_balance128`
    CANISTER_CYCLE_BALANCE128("I", "", 500, false),
    /// `canister_liquid_cycle_balance128`
    CANISTER_LIQUID_CYCLE_BALANCE128("I", "", 500, false),
    /// `canister_status`
    CANISTER_STATUS("", "i", 500, false),
    /// `canister_version`
    CANISTER_VERSION("", "l", 500, false),
    /// `msg_method_name_size`
    MSG_METHOD_NAME_SIZE("", "I", 500, false),
    /// `msg_method_name_copy`
    MSG_METHOD_NAME_COPY("III", "", 500, false),
    /// `accept_message`
    ACCEPT_MESSAGE("", "", 500, false),
    /// `call_new`
    CALL_NEW("IIIIIIII", "", 1500, false),
    /// `call_on_cleanup`
    CALL_ON_CLEANUP("II", "", 500, false),
    /// `call_data_append`
    CALL_DATA_APPEND("II", "", 500, false),
    /// `call_with_best_effort_response`
    CALL_WITH_BEST_EFFORT_RESPONSE("i", "", 500, false),
    /// `call_cycles_add128`
    CALL_CYCLES_ADD128("ll", "", 500, false),
    /// `call_perform`
    CALL_PERFORM("", "i", 5000, false),
    /// `stable64_size`
    STABLE64_SIZE("", "l", 500, false),
    /// `stable64_grow`
    STABLE64_GROW("l", "l", 100, false),
    /// `stable64_write`
    STABLE64_WRITE("lll", "", 20, false),
    /// `stable64_read`
    STABLE64_READ("lll", "", 20, false),
    /// `root_key_size`
    ROOT_KEY_SIZE("", "I", 500, false),
    /// `root_key_copy`
    ROOT_KEY_COPY("III", "", 500, false),
    /// `certified_data_set`
    CERTIFIED_DATA_SET("II", "", 500, false),
    /// `data_certificate_present`
    DATA_CERTIFICATE_PRESENT("", "i", 500, false),
    /// `data_certificate_size`
    DATA_CERTIFICATE_SIZE("", "I", 500, false),
    /// `data_certificate_copy`
    DATA_CERTIFICATE_COPY("III", "", 500, false),
    /// `time`
    TIME("", "l", 500, false),
    /// `global_timer_set`
    GLOBAL_TIMER_SET("l", "l", 500, false),
    /// `performance_counter`
    PERFORMANCE_COUNTER("i", "l", 200, false),
    /// `is_controller`
    IS_CONTROLLER("II", "i", 1000, false),
    /// `in_replicated_execution`
    IN_REPLICATED_EXECUTION("", "i", 500, false),
    /// `cost_call`
    COST_CALL("llI", "", 500, false),
    /// `cost_create_canister`
    COST_CREATE_CANISTER("I", "", 500, false),
    /// `cost_http_request`
    COST_HTTP_REQUEST("llI", "", 500, false),
    /// `cost_sign_with_ecdsa`
    COST_SIGN_WITH_ECDSA("IIiI", "i", 500, false),
    /// `cost_sign_with_schnorr`
    COST_SIGN_WITH_SCHNORR("IIiI", "i", 500, false),
    /// `cost_vetkd_derive_key`
    COST_VETKD_DERIVE_KEY("IIiI", "i", 500, false),
    /// `env_var_count`
    ENV_VAR_COUNT("", "I", 500, false),
    /// `env_var_name_size`
    ENV_VAR_NAME_SIZE("I", "I", 500, false),
    /// `env_var_name_copy`
    ENV_VAR_NAME_COPY("IIII", "", 500, false),
    /// `env_var_name_exists`
    ENV_VAR_NAME_EXISTS("II", "i", 500, false),
    /// `env_var_value_size`
    ENV_VAR_VALUE_SIZE("II", "I", 500, false),
    /// `env_var_value_copy`
    ENV_VAR_VALUE_COPY("IIIII", "", 500, false),
    /// `debug_print`
    DEBUG_PRINT("II", "", 100, false),
    /// `trap`
    TRAP("II", "", 500, false),
    /// `msg_cycles_available`
    MSG_CYCLES_AVAILABLE("", "l", 500, true),
    /// `msg_cycles_refunded`
    MSG_CYCLES_REFUNDED("", "l", 500, true),
    /// `msg_cycles_accept`
    MSG_CYCLES_ACCEPT("l", "l", 500, true),
    /// `canister_cycle_balance`
    CANISTER_CYCLE_BALANCE("", "l", 500, true),
    /// `call_cycles_add`
    CALL_CYCLES_ADD("l", "", 500, true),
    /// `stable_size`
    STABLE_SIZE("", "i", 500, true),
    /// `stable_grow`
    STABLE_GROW("i", "i", 100, true),
    /// `stable_write`
    STABLE_WRITE("iii", "", 20, true),
    /// `stable_read`
    STABLE_READ("iii", "", 20, true);

    private static final Map<String, Ic0> BY_NAME = new TreeMap<>();

    static {
        for (Ic0 function : values()) {
            BY_NAME.put(function.importName, function);
        }
    }

    private final String importName;
    private final String parameters;
    private final String result;
    private final long cost;
    private final boolean only32;

    Ic0(String parameters, String result, long cost, boolean only32) {
        this.importName = name().toLowerCase(Locale.ROOT);
        this.parameters = parameters;
        this.result = result;
        this.cost = cost;
        this.only32 = only32;
    }

    /// The function of this import name, or null.
    public static @Nullable Ic0 named(String importName) {
        return BY_NAME.get(importName);
    }

    /// The name in the import section.
    public String importName() {
        return importName;
    }

    /// The parameters' types as letters (see above).
    public String parameters() {
        return parameters;
    }

    /// The result's type as a letter, or nothing.
    public String result() {
        return result;
    }

    /// Instructions that each call costs, bytes apart; charged by the runtime.
    public long cost() {
        return cost;
    }

    /// Whether modules with a 64-bit memory may not import it.
    public boolean only32() {
        return only32;
    }
}
