package icj.crypto.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.testing.Prng;
import icj.types.Blob;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/// R-C9: keys that providers differ in are refused, the fast provider's "true" is one of
/// BouncyCastle's, and BouncyCastle's verdict is final. The curve is computed here once more, so
/// that signatures can be crafted.
final class Ed25519RuleTest {
    private static final BigInteger P =
            BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger L =
            BigInteger.ONE
                    .shiftLeft(252)
                    .add(new BigInteger("27742317777372353535851937790883648493"));
    private static final BigInteger D =
            BigInteger.valueOf(-121665).multiply(BigInteger.valueOf(121666).modInverse(P)).mod(P);
    private static final BigInteger ROOT_OF_MINUS_ONE =
            BigInteger.TWO.modPow(P.subtract(BigInteger.ONE).shiftRight(2), P);

    private record Point(BigInteger x, BigInteger y) {
        static final Point ZERO = new Point(BigInteger.ZERO, BigInteger.ONE);
        static final Point BASE = base();

        private static Point base() {
            BigInteger y = BigInteger.valueOf(4).multiply(BigInteger.valueOf(5).modInverse(P));
            Point point = of(y.mod(P));
            return point.x.testBit(0) ? new Point(P.subtract(point.x), point.y) : point;
        }

        /// A point of this y, or null when there is none.
        static Point of(BigInteger y) {
            BigInteger y2 = y.multiply(y).mod(P);
            BigInteger x2 =
                    y2.subtract(BigInteger.ONE)
                            .multiply(D.multiply(y2).add(BigInteger.ONE).modInverse(P))
                            .mod(P);
            BigInteger x = x2.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
            if (!x.multiply(x).mod(P).equals(x2)) {
                x = x.multiply(ROOT_OF_MINUS_ONE).mod(P);
            }
            return x.multiply(x).mod(P).equals(x2) ? new Point(x, y) : null;
        }

        Point plus(Point other) {
            return new Projective(this).plus(new Projective(other)).affine();
        }

        Point times(BigInteger scalar) {
            Projective own = new Projective(this);
            Projective sum = new Projective(ZERO);
            for (int bit = scalar.bitLength() - 1; bit >= 0; bit--) {
                sum = sum.plus(sum);
                if (scalar.testBit(bit)) {
                    sum = sum.plus(own);
                }
            }
            return sum.affine();
        }

        byte[] encode() {
            byte[] bytes = littleEndian(y);
            if (x.testBit(0)) {
                bytes[31] |= (byte) 0x80;
            }
            return bytes;
        }
    }

    /// Spares an inversion at each addition.
    private record Projective(BigInteger x, BigInteger y, BigInteger z) {
        Projective(Point point) {
            this(point.x, point.y, BigInteger.ONE);
        }

        /// The complete addition law of twisted Edwards curves with a = -1.
        Projective plus(Projective o) {
            BigInteger a = z.multiply(o.z).mod(P);
            BigInteger b = a.multiply(a).mod(P);
            BigInteger c = x.multiply(o.x).mod(P);
            BigInteger d = y.multiply(o.y).mod(P);
            BigInteger e = D.multiply(c).mod(P).multiply(d).mod(P);
            BigInteger f = b.subtract(e);
            BigInteger g = b.add(e);
            BigInteger cross = x.add(y).multiply(o.x.add(o.y)).subtract(c).subtract(d);
            return new Projective(
                    a.multiply(f).mod(P).multiply(cross).mod(P),
                    a.multiply(g).mod(P).multiply(d.add(c)).mod(P),
                    f.multiply(g).mod(P));
        }

        Point affine() {
            BigInteger inverse = z.modInverse(P);
            return new Point(x.multiply(inverse).mod(P), y.multiply(inverse).mod(P));
        }
    }

    private static byte[] littleEndian(BigInteger number) {
        byte[] big = number.toByteArray();
        byte[] little = new byte[32];
        for (int i = 0; i < big.length && i < 32; i++) {
            little[i] = big[big.length - 1 - i];
        }
        return little;
    }

    private static BigInteger number(byte[] littleEndian) {
        byte[] big = new byte[littleEndian.length];
        for (int i = 0; i < big.length; i++) {
            big[i] = littleEndian[big.length - 1 - i];
        }
        return new BigInteger(1, big);
    }

    /// The eight points whose order divides 8.
    private static List<Point> smallOrderPoints() {
        for (long y = 2; ; y++) {
            Point point = Point.of(BigInteger.valueOf(y));
            Point torsion = point == null ? Point.ZERO : point.times(L);
            if (!torsion.times(BigInteger.valueOf(4)).equals(Point.ZERO)) {
                List<Point> all = new ArrayList<>();
                for (int k = 0; k < 8; k++) {
                    all.add(torsion.times(BigInteger.valueOf(k)));
                }
                return all;
            }
        }
    }

    private static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /// The challenge of a signature.
    private static BigInteger challenge(byte[] r, byte[] key, byte[] message) throws Exception {
        MessageDigest sha512 = MessageDigest.getInstance("SHA-512");
        return number(sha512.digest(join(r, key, message))).mod(L);
    }

    @Test
    void theFastProviderIsThereOnThisPlatform() {
        boolean supported =
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64")
                        && !Boolean.getBoolean("icj.crypto.portable");
        assertEquals(supported, Corretto.isLoaded());
    }

    @Test
    void keysOfSmallOrderAreRefusedInEachEncoding() {
        List<Point> points = smallOrderPoints();
        assertEquals(8, points.stream().distinct().count());
        for (Point point : points) {
            for (BigInteger y : List.of(point.y, point.y.add(P))) {
                if (y.bitLength() > 255) {
                    continue;
                }
                for (int sign = 0; sign < 2; sign++) {
                    byte[] key = littleEndian(y);
                    key[31] |= (byte) (sign << 7);
                    assertNull(Ed25519PublicKey.of(Blob.of(key)));
                }
            }
        }
    }

    @Test
    void coordinatesFromThePrimeOnAreRefused() {
        for (int above = 0; above < 19; above++) {
            assertNull(
                    Ed25519PublicKey.of(Blob.of(littleEndian(P.add(BigInteger.valueOf(above))))));
        }
        assertNotNull(Ed25519PublicKey.of(Blob.of(littleEndian(BigInteger.valueOf(4)))));
        assertNull(Ed25519PublicKey.of(Blob.EMPTY));
    }

    @Test
    void signaturesOfBothProvidersAreEqualAndAccepted() {
        Prng prng = Prng.fromProperty();
        for (int round = 0; round < 50; round++) {
            byte[] seed = prng.bytes(32);
            byte[] message = prng.bytes(prng.below(300));
            Ed25519PrivateKey key = Ed25519PrivateKey.ofSeed(seed);
            byte[] signature = key.sign(message).toBytes();
            byte[] oracle = new byte[64];
            org.bouncycastle.math.ec.rfc8032.Ed25519.sign(
                    seed, 0, message, 0, message.length, oracle, 0);
            assertEquals(Blob.of(oracle), Blob.of(signature));
            Ed25519PublicKey publicKey = Ed25519PublicKey.ofDer(key.publicKeyDer());
            assertTrue(publicKey.verify(message, signature));
            assertTrue(publicKey.finalVerify(message, signature));
            if (Corretto.isLoaded()) {
                assertTrue(publicKey.fastVerify(message, signature));
            }
        }
    }

    /// Signatures with small-order parts in R or in the key, malleable s, non-canonical R, and
    /// random damage: in each case the verdict is BouncyCastle's, and the fast provider accepts
    /// nothing that it does not.
    @Test
    void theFastProviderAcceptsOnlyWhatBouncyCastleAccepts() throws Exception {
        Prng prng = Prng.fromProperty();
        List<Point> torsion = smallOrderPoints();
        int accepted = 0;
        int differ = 0;
        for (int round = 0; round < 400; round++) {
            BigInteger secret = new BigInteger(1, prng.bytes(32)).mod(L);
            BigInteger nonce = new BigInteger(1, prng.bytes(32)).mod(L);
            byte[] message = prng.bytes(prng.below(64));
            Point keyPoint = Point.BASE.times(secret);
            Point noncePoint = Point.BASE.times(nonce);
            if (prng.chance(0.4)) {
                keyPoint = keyPoint.plus(prng.pick(torsion));
            }
            if (prng.chance(0.4)) {
                noncePoint = noncePoint.plus(prng.pick(torsion));
            }
            if (prng.chance(0.1)) {
                nonce = BigInteger.ZERO;
                noncePoint = prng.pick(torsion);
            }
            byte[] key = keyPoint.encode();
            byte[] r = noncePoint.encode();
            if (prng.chance(0.05) && noncePoint.y.compareTo(BigInteger.valueOf(19)) < 0) {
                r = littleEndian(noncePoint.y.add(P));
            }
            BigInteger s = nonce.add(challenge(r, key, message).multiply(secret)).mod(L);
            if (prng.chance(0.1)) {
                s = s.add(L);
            }
            byte[] signature = join(r, littleEndian(s));
            if (prng.chance(0.15)) {
                signature[prng.below(64)] ^= (byte) (1 << prng.below(8));
            }
            Ed25519PublicKey publicKey = Ed25519PublicKey.of(Blob.of(key));
            if (publicKey == null) {
                continue;
            }
            boolean fast = publicKey.fastVerify(message, signature);
            boolean verdict = publicKey.finalVerify(message, signature);
            assertFalse(fast && !verdict, "fast provider alone accepts, seed " + prng.seed());
            assertEquals(verdict, publicKey.verify(message, signature));
            accepted += verdict ? 1 : 0;
            differ += verdict && !fast ? 1 : 0;
        }
        assertTrue(accepted > 50, "accepted " + accepted);
        if (Corretto.isLoaded()) {
            assertTrue(differ > 10, "the cases in which providers differ: " + differ);
        }
    }

    @Test
    void signaturesOfAnotherLengthAreRefused() {
        Ed25519PrivateKey key = Ed25519PrivateKey.generate(new SecureRandom());
        Ed25519PublicKey publicKey = Ed25519PublicKey.ofDer(key.publicKeyDer());
        byte[] signature = key.sign(new byte[3]).toBytes();
        assertTrue(publicKey.verify(new byte[3], signature));
        assertFalse(publicKey.verify(new byte[3], join(signature, new byte[1])));
        assertFalse(publicKey.verify(new byte[3], new byte[0]));
        assertFalse(publicKey.verify(new byte[3], new byte[64]));
    }

    /// RFC 8032, section 7.1, test 3.
    @Test
    void theVectorOfTheRfcHolds() {
        Ed25519PublicKey key =
                Ed25519PublicKey.of(
                        Blob.fromHex(
                                "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"));
        assertTrue(
                key.verify(
                        new byte[] {(byte) 0xaf, (byte) 0x82},
                        Blob.fromHex(
                                        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5a"
                                            + "c3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716e"
                                            + "d28dc027beceea1ec40a")
                                .toBytes()));
    }
}
