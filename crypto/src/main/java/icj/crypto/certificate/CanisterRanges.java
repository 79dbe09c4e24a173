package icj.crypto.certificate;

import icj.candid.Principal;
import icj.types.Blob;
import icj.wire.MalformedException;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborFields;
import icj.wire.cbor.CborLimits;
import icj.wire.cbor.CborValue;

import java.util.ArrayList;
import java.util.List;

/// Which canister ids a subnet hosts, as the certified state holds it: CBOR, tag 55799, a list of
/// pairs of byte strings, each the first and the last id of a range.
///
/// @param ranges in any order
public record CanisterRanges(List<Range> ranges) {
    /// Nothing.
    public static final CanisterRanges NONE = new CanisterRanges(List.of());

    private static final int RANGES_MAX = 100_000;

    /// Copies the list.
    public CanisterRanges {
        ranges = List.copyOf(ranges);
    }

    /// Ids from `first` to `last`, both included, compared bytewise.
    public record Range(Principal first, Principal last) {
        /// Whether the id lies in between.
        public boolean contains(Principal canister) {
            return first.compareTo(canister) <= 0 && canister.compareTo(last) <= 0;
        }
    }

    /// Whether one of the ranges contains the id.
    public boolean contains(Principal canister) {
        for (Range range : ranges) {
            if (range.contains(canister)) {
                return true;
            }
        }
        return false;
    }

    /// These and the others.
    public CanisterRanges with(CanisterRanges others) {
        List<Range> all = new ArrayList<>(ranges);
        all.addAll(others.ranges);
        return new CanisterRanges(all);
    }

    /// The value of a leaf `canister_ranges`.
    public Blob encode() {
        List<CborValue> list = new ArrayList<>();
        for (Range range : ranges) {
            list.add(
                    new CborValue.Array(
                            List.of(
                                    new CborValue.Bytes(Blob.owning(range.first.toBytes())),
                                    new CborValue.Bytes(Blob.owning(range.last.toBytes())))));
        }
        return Cbor.encodeTagged(new CborValue.Array(list));
    }

    /// Reads the value of a leaf `canister_ranges`.
    public static CanisterRanges decode(Blob cbor) throws MalformedException {
        CborValue value = Cbor.decode(cbor, CborLimits.CERTIFICATE);
        List<Range> ranges = new ArrayList<>();
        for (CborValue element : CborFields.asList(value, "canister_ranges", RANGES_MAX)) {
            List<CborValue> pair = CborFields.asList(element, "A range of canisters", 2);
            if (pair.size() != 2) {
                throw new MalformedException("A range of canisters has two ends");
            }
            ranges.add(new Range(end(pair.get(0)), end(pair.get(1))));
        }
        return new CanisterRanges(ranges);
    }

    private static Principal end(CborValue value) throws MalformedException {
        return Principal.of(
                CborFields.asBytes(value, "The end of a range", Principal.LENGTH_MAX).shared());
    }
}
