package icj.execution.management;

import icj.candid.CandidType;
import icj.candid.CandidValue;
import icj.candid.Principal;
import icj.types.Blob;
import icj.types.Cycles;
import icj.types.Digest;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Makes values of Candid.
final class Values {
    private Values() {}

    static CandidValue nat(long unsigned) {
        return new CandidValue.Nat(new BigInteger(Long.toUnsignedString(unsigned)));
    }

    static CandidValue nat(Cycles cycles) {
        return new CandidValue.Nat(cycles.value());
    }

    static CandidValue nat64(long bits) {
        return new CandidValue.Fixed(CandidType.Primitive.NAT64, bits);
    }

    static CandidValue blob(Blob bytes) {
        return CandidValue.Blob.owning(bytes.toBytes());
    }

    static CandidValue blob(Digest digest) {
        return CandidValue.Blob.owning(digest.toBytes());
    }

    static CandidValue hash(Digest digest) {
        return CandidValue.Record.builder().put("hash", blob(digest)).build();
    }

    static CandidValue opt(@Nullable CandidValue value) {
        return new CandidValue.Opt(value);
    }

    static CandidValue principals(List<Principal> principals) {
        List<CandidValue> list = new ArrayList<>(principals.size());
        for (Principal principal : principals) {
            list.add(new CandidValue.Id(principal));
        }
        return new CandidValue.Vec(list);
    }
}
