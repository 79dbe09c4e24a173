package icj.crypto.bls;

import icj.crypto.provider.G1Point;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// A message with its hash on the curve, which signing, combining and verifying all need and which
/// costs 62 microseconds to find. Immutable.
public final class MessagePoint {
    /// How many recent messages are remembered. A node works on a few heights with three or four
    /// messages each.
    private static final int REMEMBERED = 256;

    /// One slot for each value of a hash. Slots are read and written without a lock: the objects
    /// are immutable, and a lost write costs one hashing.
    private static final @Nullable MessagePoint[] RECENT = new @Nullable MessagePoint[REMEMBERED];

    private final byte[] message;
    private final G1Point point;

    private MessagePoint(byte[] message, G1Point point) {
        this.message = message;
        this.point = point;
    }

    /// The message, hashed unless it was of late.
    public static MessagePoint of(byte[] message) {
        int slot = Math.floorMod(Arrays.hashCode(message), REMEMBERED);
        MessagePoint recent = RECENT[slot];
        if (recent != null && Arrays.equals(recent.message, message)) {
            return recent;
        }
        byte[] own = message.clone();
        MessagePoint fresh = new MessagePoint(own, G1Point.hash(own));
        RECENT[slot] = fresh;
        return fresh;
    }

    G1Point point() {
        return point;
    }
}
