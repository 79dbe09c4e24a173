package icj.testing.simulation;

import icj.candid.Principal;
import icj.consensus.SubnetCrypto;
import icj.testing.Prng;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.Height;
import icj.types.NodeId;
import icj.types.Quorum;
import icj.wire.ByteWriter;
import icj.wire.Sha256;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/// Cheap cryptography for the simulator. A node's signature is a SipHash under its secret key. A
/// threshold signature is the hash of the message times a secret modulo 2^61 - 1, shared by
/// Shamir's scheme: like BLS, any enough shares combine to the same value. Nodes get a [#of] view
/// that signs for themselves only, so nobody forges.
final class SimKeys implements Keys {
    private static final long PRIME = (1L << 61) - 1;

    private final List<NodeId> members;
    private final long[] keys0;
    private final long[] keys1;
    private final long[] low;
    private final long[] high;

    /// Deals keys.
    SimKeys(int count, Quorum quorum, long seed) {
        Prng random = Prng.of(seed);
        List<NodeId> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(new NodeId(Principal.of(new byte[] {(byte) i, 2})));
        }
        members = List.copyOf(ids);
        keys0 = new long[members.size()];
        keys1 = new long[members.size()];
        for (int i = 0; i < members.size(); i++) {
            keys0[i] = random.bits();
            keys1[i] = random.bits();
        }
        low = deal(quorum.low(), random);
        high = deal(quorum.notary(), random);
    }

    /// Index 0 is the secret, i the share of member i - 1.
    private long[] deal(int threshold, Prng random) {
        long[] coefficients = new long[threshold];
        for (int i = 0; i < threshold; i++) {
            coefficients[i] = random.between(1, PRIME - 1);
        }
        long[] shares = new long[members.size() + 1];
        for (int x = 0; x < shares.length; x++) {
            long value = 0;
            for (int i = threshold - 1; i >= 0; i--) {
                value = add(times(value, x), coefficients[i]);
            }
            shares[x] = value;
        }
        return shares;
    }

    @Override
    public List<NodeId> members() {
        return members;
    }

    @Override
    public SubnetCrypto of(NodeId self) {
        return new View(members.indexOf(self));
    }

    /// The root of a state and the witness that it is of this height.
    static Digest root(long height, Digest state) {
        return Sha256.of(new ByteWriter().u64(height).digest(state).toBytes());
    }

    /// Whether the witness shows that the root is of this height.
    static boolean isWitness(Digest root, Blob witness, Height height) {
        return witness.length() == Digest.LENGTH
                && root(height.value(), Digest.of(witness.shared())).equals(root);
    }

    private static long add(long a, long b) {
        long sum = a + b;
        return sum >= PRIME ? sum - PRIME : sum;
    }

    private static long times(long a, long b) {
        long high = Math.multiplyHigh(a, b);
        long low = a * b;
        long folded = (low & PRIME) + ((low >>> 61) | (high << 3));
        return folded >= PRIME ? folded - PRIME : folded;
    }

    private static long inverse(long value) {
        long result = 1;
        long base = value;
        for (long exponent = PRIME - 2; exponent > 0; exponent >>= 1) {
            if ((exponent & 1) == 1) {
                result = times(result, base);
            }
            base = times(base, base);
        }
        return result;
    }

    private static long point(Blob message) {
        return Math.floorMod(sip(0x1234_5678L, 0x9abc_def0L, message.shared()), PRIME - 1) + 1;
    }

    private static Blob blob(long value) {
        return Blob.owning(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    private static long number(Blob blob) {
        return blob.length() == Long.BYTES ? ByteBuffer.wrap(blob.shared()).getLong() : -1;
    }

    /// SipHash-2-4.
    private static long sip(long key0, long key1, byte[] bytes) {
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        int words = bytes.length / 8;
        for (int word = 0; word <= words + 2; word++) {
            long m = 0;
            if (word <= words) {
                int end = Math.min(bytes.length, word * 8 + 8);
                for (int i = end - 1; i >= word * 8; i--) {
                    m = m << 8 | bytes[i] & 0xff;
                }
                if (word == words) {
                    m |= (long) bytes.length << 56;
                }
            } else if (word == words + 1) {
                v2 ^= 0xff;
            }
            v3 ^= m;
            for (int round = 0; round < 2; round++) {
                v0 += v1;
                v2 += v3;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v1;
                v0 += v3;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= m;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private final class View implements SubnetCrypto {
        private final int self;

        View(int self) {
            this.self = self;
        }

        @Override
        public Blob sign(Blob message) {
            return blob(sip(keys0[self], keys1[self], message.shared()));
        }

        @Override
        public boolean verify(NodeId signer, Blob message, Blob signature) {
            int index = members.indexOf(signer);
            return index >= 0
                    && blob(sip(keys0[index], keys1[index], message.shared())).equals(signature);
        }

        private long[] secrets(ThresholdKey key) {
            return key == ThresholdKey.LOW ? low : high;
        }

        @Override
        public Blob signShare(ThresholdKey key, Blob message) {
            return blob(times(point(message), secrets(key)[self + 1]));
        }

        @Override
        public @Nullable Blob combine(ThresholdKey key, SortedMap<NodeId, Blob> shares) {
            long sum = 0;
            for (Map.Entry<NodeId, Blob> share : shares.entrySet()) {
                long value = number(share.getValue());
                if (value < 0 || value >= PRIME) {
                    return null;
                }
                long x = members.indexOf(share.getKey()) + 1L;
                long weight = 1;
                for (NodeId other : shares.keySet()) {
                    long y = members.indexOf(other) + 1L;
                    if (y != x) {
                        long distance = y > x ? y - x : PRIME - (x - y);
                        weight = times(weight, times(y, inverse(distance)));
                    }
                }
                sum = add(sum, times(weight, value));
            }
            return blob(sum);
        }

        @Override
        public boolean verifyShare(ThresholdKey key, NodeId signer, Blob message, Blob share) {
            int index = members.indexOf(signer);
            return index >= 0 && blob(times(point(message), secrets(key)[index + 1])).equals(share);
        }

        @Override
        public boolean verifyCombined(ThresholdKey key, Blob message, Blob signature) {
            return blob(times(point(message), secrets(key)[0])).equals(signature);
        }

        @Override
        public Digest seed(Blob signature) {
            return Sha256.of(signature.shared());
        }

        @Override
        public boolean provesHeight(Digest root, Blob witness, Height height) {
            return isWitness(root, witness, height);
        }
    }
}
