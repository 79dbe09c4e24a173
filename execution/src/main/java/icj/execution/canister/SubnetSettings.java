package icj.execution.canister;

import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.SubnetId;
import icj.types.registry.CanisterRange;
import icj.types.registry.Registry;
import icj.types.registry.SubnetLimits;
import icj.types.registry.SubnetRecord;
import icj.types.registry.SubnetType;

import java.util.List;

/// All that execution takes from the registry (R-S9).
///
/// @param subnet the subnet whose batches are executed
/// @param type what it is for
/// @param ranges the canister numbers that it gives out, strictly increasing
/// @param rootKeyDer the key of the root subnet, 133 bytes
/// @param prices of its size and type
/// @param limits what all members bound alike
public record SubnetSettings(
        SubnetId subnet,
        SubnetType type,
        List<CanisterRange> ranges,
        Blob rootKeyDer,
        Prices prices,
        SubnetLimits limits) {
    public SubnetSettings {
        ranges = List.copyOf(ranges);
    }

    /// The settings of a registered subnet.
    public static SubnetSettings of(Registry registry, SubnetId subnet) {
        SubnetRecord record = registry.subnet(subnet);
        Prices prices =
                record.type() == SubnetType.NNS
                        ? Prices.FREE
                        : Prices.ofNodes(record.members().size());
        return new SubnetSettings(
                subnet,
                record.type(),
                record.ranges(),
                registry.rootKeyDer(),
                prices,
                record.limits());
    }

    /// Whether the canister's number is one of this subnet's.
    public boolean hosts(CanisterId canister) {
        for (CanisterRange range : ranges) {
            if (range.contains(canister)) {
                return true;
            }
        }
        return false;
    }

    /// The number of the first canister, unsigned.
    public long firstCanister() {
        return ranges.getFirst().low();
    }
}
