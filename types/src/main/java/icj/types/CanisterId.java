package icj.types;

import icj.candid.Principal;

import java.nio.ByteBuffer;

/// A canister: any principal in a path; those that the network allocates are a number, big-endian,
/// then 01 01.
public record CanisterId(Principal principal) implements Comparable<CanisterId> {
    /// The management canister, which every subnet plays itself.
    public static final CanisterId MANAGEMENT = new CanisterId(Principal.MANAGEMENT);

    private static final int LENGTH = 10;

    /// The id of an allocated number; the number is unsigned.
    public static CanisterId ofNumber(long number) {
        return new CanisterId(
                Principal.of(
                        ByteBuffer.allocate(LENGTH)
                                .putLong(number)
                                .put((byte) 1)
                                .put((byte) 1)
                                .array()));
    }

    /// Whether [#number] has an answer: ten bytes that end in 01 01.
    public boolean isNumbered() {
        byte[] bytes = principal.toBytes();
        return bytes.length == LENGTH && bytes[8] == 1 && bytes[9] == 1;
    }

    /// The number inside, unsigned.
    public long number() {
        Invariant.check(isNumbered(), "%s holds no number", principal);
        return ByteBuffer.wrap(principal.toBytes()).getLong();
    }

    @Override
    public int compareTo(CanisterId other) {
        return principal.compareTo(other.principal);
    }

    @Override
    public String toString() {
        return principal.toString();
    }
}
