package icj.agent;

import icj.candid.Candid;
import icj.candid.CandidException;
import icj.candid.CandidType;
import icj.candid.CandidValue;
import icj.candid.Principal;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.wire.Sha256;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Makes and changes canisters through the management canister `aaaaa-aa`. Methods end with the
/// exceptions of [Agent#call].
public final class ManagementCanister {
    /// The largest module and argument together that go into one call; beyond it the module goes up
    /// in chunks. (A call has room for 2 MiB.)
    public static final int SINGLE_CALL_BYTES_MAX = 1_900_000;

    /// The size of a chunk.
    public static final int CHUNK_BYTES = 1024 * 1024;

    private final Agent agent;

    ManagementCanister(Agent agent) {
        this.agent = agent;
    }

    /// Makes a canister out of nothing, as networks for development allow.
    ///
    /// @param cycles its first balance, or null for the network's default (100 T)
    /// @param effective an id in the ranges of the subnet that shall host it, as
    ///   `defaultEffectiveCanisterId` in `network.json`
    public CanisterId create(
            @Nullable BigInteger cycles, CanisterSettings settings, CanisterId effective)
            throws AgentException {
        return create(cycles, settings, effective, null);
    }

    /// Makes a canister with a chosen id.
    ///
    /// @param id the id, or null for the next free one
    public CanisterId create(
            @Nullable BigInteger cycles,
            CanisterSettings settings,
            CanisterId effective,
            @Nullable CanisterId id)
            throws AgentException {
        CandidValue.RecordBuilder arg =
                CandidValue.Record.builder().put("settings", settings.toCandid());
        if (cycles != null) {
            arg.put("amount", new CandidValue.Nat(cycles));
        }
        if (id != null) {
            arg.put("specified_id", new CandidValue.Id(id.principal()));
        }
        CandidValue made =
                call(effective, "provisional_create_canister_with_cycles", arg.build()).get(0);
        return new CanisterId(made.asRecord().get("canister_id").asPrincipal());
    }

    /// Adds cycles out of nothing, as networks for development allow.
    public void topUp(CanisterId canister, BigInteger cycles) throws AgentException {
        call(
                canister,
                "provisional_top_up_canister",
                id(canister).put("amount", new CandidValue.Nat(cycles)).build());
    }

    /// Changes settings.
    public void updateSettings(CanisterId canister, CanisterSettings settings)
            throws AgentException {
        call(
                canister,
                "update_settings",
                id(canister).put("settings", settings.toCandid()).build());
    }

    /// Installs a module, in one call or, when it is large, through the canister's chunk store,
    /// which is empty afterwards.
    ///
    /// @param module Wasm, may be compressed by gzip
    /// @param arg what the module's initialisation takes, Candid
    public void install(CanisterId canister, InstallMode mode, byte[] module, Blob arg)
            throws AgentException {
        if ((long) module.length + arg.length() > SINGLE_CALL_BYTES_MAX) {
            installInChunks(canister, mode, module, arg);
            return;
        }
        call(
                canister,
                "install_code",
                id(canister)
                        .put("mode", mode.toCandid())
                        .put("wasm_module", CandidValue.Blob.of(module))
                        .put("arg", CandidValue.Blob.of(arg.shared()))
                        .build());
    }

    private void installInChunks(CanisterId canister, InstallMode mode, byte[] module, Blob arg)
            throws AgentException {
        call(canister, "clear_chunk_store", id(canister).build());
        List<CandidValue> hashes = new ArrayList<>();
        for (int from = 0; from < module.length; from += CHUNK_BYTES) {
            int to = Math.min(from + CHUNK_BYTES, module.length);
            byte[] chunk = Arrays.copyOfRange(module, from, to);
            CandidValue stored =
                    call(
                                    canister,
                                    "upload_chunk",
                                    id(canister)
                                            .put("chunk", CandidValue.Blob.owning(chunk))
                                            .build())
                            .get(0);
            Blob hash = Blob.of(stored.asRecord().get("hash").asBlob());
            if (!hash.equals(Blob.owning(Sha256.of(chunk).toBytes()))) {
                throw new AgentException.Malformed("The network stored another chunk", null);
            }
            hashes.add(stored);
        }
        call(
                canister,
                "install_chunked_code",
                CandidValue.Record.builder()
                        .put("mode", mode.toCandid())
                        .put("target_canister", new CandidValue.Id(canister.principal()))
                        .put("chunk_hashes_list", new CandidValue.Vec(hashes))
                        .put(
                                "wasm_module_hash",
                                CandidValue.Blob.owning(Sha256.of(module).toBytes()))
                        .put("arg", CandidValue.Blob.of(arg.shared()))
                        .build());
        call(canister, "clear_chunk_store", id(canister).build());
    }

    /// Removes the module and all memories.
    public void uninstall(CanisterId canister) throws AgentException {
        call(canister, "uninstall_code", id(canister).build());
    }

    /// Lets a stopped canister run.
    public void start(CanisterId canister) throws AgentException {
        call(canister, "start_canister", id(canister).build());
    }

    /// Stops a canister: it answers what it has begun, nothing new.
    public void stop(CanisterId canister) throws AgentException {
        call(canister, "stop_canister", id(canister).build());
    }

    /// Deletes a stopped canister with its cycles.
    public void delete(CanisterId canister) throws AgentException {
        call(canister, "delete_canister", id(canister).build());
    }

    /// Asks about a canister, by a certified call.
    public CanisterStatus status(CanisterId canister) throws AgentException {
        CandidValue told = call(canister, "canister_status", id(canister).build()).get(0);
        return CanisterStatus.of(told.asRecord());
    }

    private static CandidValue.RecordBuilder id(CanisterId canister) {
        Principal principal = canister.principal();
        return CandidValue.Record.builder().put("canister_id", new CandidValue.Id(principal));
    }

    private List<CandidValue> call(CanisterId effective, String method, CandidValue.Record arg)
            throws AgentException {
        try {
            CandidType.Func type = ManagementInterface.INTERFACE.method(method);
            List<CandidType> types = type.arguments();
            byte[] message = Candid.encode(types, Candid.fit(List.of(arg), types));
            Blob reply = agent.call(effective, CanisterId.MANAGEMENT, method, Blob.owning(message));
            return Candid.decode(reply.shared(), type.results());
        } catch (CandidException e) {
            throw new AgentException.Malformed(
                    "The answer of " + method + " is malformed: " + e.getMessage(), e);
        }
    }
}
