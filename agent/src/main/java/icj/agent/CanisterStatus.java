package icj.agent;

import icj.candid.CandidValue;
import icj.candid.Principal;
import icj.types.Blob;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// What the management canister tells about a canister.
///
/// @param state `running`, `stopping` or `stopped`
/// @param moduleHash SHA-256 of the module as it was sent, or null when there is none
/// @param controllers who may change it
/// @param memoryBytes all it occupies
/// @param cycles its balance
/// @param record all that was told, the settings too
public record CanisterStatus(
        String state,
        @Nullable Blob moduleHash,
        List<Principal> controllers,
        BigInteger memoryBytes,
        BigInteger cycles,
        CandidValue.Record record) {
    static CanisterStatus of(CandidValue.Record record) {
        List<Principal> controllers = new ArrayList<>();
        CandidValue.Record settings = record.get("settings").asRecord();
        for (CandidValue controller : settings.get("controllers").asVec()) {
            controllers.add(controller.asPrincipal());
        }
        CandidValue hash = record.get("module_hash").asOpt();
        return new CanisterStatus(
                record.get("status").asVariant().label().toString(),
                hash == null ? null : Blob.of(hash.asBlob()),
                controllers,
                record.get("memory_size").asNumber(),
                record.get("cycles").asNumber(),
                record);
    }
}
