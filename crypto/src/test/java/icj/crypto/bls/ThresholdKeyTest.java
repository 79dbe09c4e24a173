package icj.crypto.bls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.crypto.KeyFormatException;
import icj.testing.Prng;
import icj.types.Blob;
import icj.types.Invariant;

import org.bouncycastle.crypto.bls.BLS12_381G1;
import org.bouncycastle.crypto.bls.BLS12_381G2;
import org.bouncycastle.crypto.bls.BLS12_381G2Point;
import org.bouncycastle.crypto.bls.BLS12_381Pairing;
import org.bouncycastle.crypto.bls.BLS12_381Serialization;
import org.bouncycastle.crypto.bls.BLS12_381SubgroupCheck;
import org.bouncycastle.crypto.bls.Fp12Element;
import org.bouncycastle.crypto.hash2curve.HashToCurveProfile;
import org.bouncycastle.crypto.hash2curve.HashToEllipticCurve;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECPoint;
import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

final class ThresholdKeyTest {
    private static final String SUITE = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";
    private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.UTF_8);

    private final Prng prng = Prng.fromProperty();

    private static KeyDealer.Dealing deal(int members, int threshold) {
        return KeyDealer.deal(members, threshold, new SecureRandom());
    }

    private static BigInteger secret(SecretShare share) {
        return new BigInteger(share.toHex(), 16);
    }

    /// BouncyCastle's signature of the message by this scalar, compressed.
    private static Blob oracleSignature(BigInteger secret, byte[] message) {
        ECPoint hash =
                HashToEllipticCurve.getInstance(
                                HashToCurveProfile.BLS12_381_G1_XMD_SHA_256_SSWU_RO, SUITE)
                        .hashToCurve(message);
        return Blob.of(
                BLS12_381Serialization.compressG1(
                        BLS12_381G1.constantTimeMultiply(hash, secret).normalize()));
    }

    private static boolean oracleVerifies(Blob key, byte[] message, Blob signature) {
        ECCurve curve = BLS12_381G1.createCurve();
        ECPoint point = BLS12_381Serialization.decompressG1(signature.toBytes(), curve);
        ECPoint hash =
                HashToEllipticCurve.getInstance(
                                HashToCurveProfile.BLS12_381_G1_XMD_SHA_256_SSWU_RO, SUITE)
                        .hashToCurve(message);
        BLS12_381G2Point publicKey = BLS12_381Serialization.decompressG2(key.toBytes());
        return BLS12_381Pairing.multiPair(
                        new ECPoint[] {hash, point.negate()},
                        new BLS12_381G2Point[] {publicKey, BLS12_381G2.getGenerator()})
                .equals(Fp12Element.ONE);
    }

    @Test
    void keysAndSignaturesEqualThoseOfBouncyCastle() throws Exception {
        for (int round = 0; round < 4; round++) {
            SecretShare share = deal(1, 1).shares().getFirst();
            BigInteger secret = secret(share);
            byte[] message = prng.bytes(prng.below(100));
            Blob key =
                    Blob.of(
                            BLS12_381Serialization.compressG2(
                                    BLS12_381G2.getGenerator().constantTimeMultiply(secret)));
            assertEquals(key, share.publicKey().bytes());
            Blob signature = share.sign(message).signature();
            assertEquals(oracleSignature(secret, message), signature);
            assertTrue(oracleVerifies(key, message, signature));
            assertTrue(share.publicKey().verify(message, signature));
        }
    }

    @Test
    void everyQuorumMakesTheSameSignatureAndItIsThatOfTheWholeSecret() {
        for (int[] shape : new int[][] {{1, 1}, {2, 1}, {4, 2}, {4, 3}, {7, 5}, {13, 9}}) {
            KeyDealer.Dealing dealing = deal(shape[0], shape[1]);
            ThresholdKey key = dealing.key();
            MessagePoint message = MessagePoint.of(MESSAGE);
            List<SignatureShare> shares = new ArrayList<>();
            for (SecretShare share : dealing.shares()) {
                assertTrue(key.holds(share));
                shares.add(share.sign(message));
            }
            Blob first = combined(key.combine(message, shares.subList(0, shape[1])));
            Blob last =
                    combined(
                            key.combine(
                                    message,
                                    shares.subList(shape[0] - shape[1], shape[0]).reversed()));
            assertEquals(first, last);
            assertTrue(key.publicKey().verify(message, first));
            assertFalse(key.publicKey().verify(new byte[] {1}, first));
            BigInteger whole = interpolateAtZero(dealing.shares().subList(0, shape[1]));
            assertEquals(oracleSignature(whole, MESSAGE), first);
        }
    }

    private static Blob combined(Combination combination) {
        Combination.Combined combined = assertInstanceOf(Combination.Combined.class, combination);
        assertEquals(List.of(), combined.blamed());
        return combined.signature();
    }

    private static BigInteger interpolateAtZero(List<SecretShare> shares) {
        BigInteger order = BLS12_381G1.ORDER;
        BigInteger sum = BigInteger.ZERO;
        for (SecretShare one : shares) {
            BigInteger term = secret(one);
            for (SecretShare other : shares) {
                if (other != one) {
                    BigInteger difference = BigInteger.valueOf(other.index() - one.index());
                    term =
                            term.multiply(BigInteger.valueOf(other.index()))
                                    .multiply(difference.modInverse(order))
                                    .mod(order);
                }
            }
            sum = sum.add(term).mod(order);
        }
        return sum;
    }

    @Test
    void oneShareTooFewMakesNothingThatVerifies() {
        KeyDealer.Dealing dealing = deal(4, 3);
        MessagePoint message = MessagePoint.of(MESSAGE);
        List<SignatureShare> two =
                List.of(
                        dealing.shares().get(0).sign(message),
                        dealing.shares().get(2).sign(message));
        assertThrows(Invariant.Violation.class, () -> dealing.key().combine(message, two));
        // The same shares under a key that claims a lower threshold.
        ThresholdKey lower = ThresholdKey.dealt(keys(dealing.key().commitments().subList(0, 2)));
        assertInstanceOf(Combination.TooFew.class, lower.combine(message, two));
    }

    private static List<BlsPublicKey> keys(List<Blob> commitments) {
        List<BlsPublicKey> keys = new ArrayList<>();
        for (Blob commitment : commitments) {
            try {
                keys.add(BlsPublicKey.decode(commitment));
            } catch (KeyFormatException e) {
                throw new AssertionError(e);
            }
        }
        return keys;
    }

    @Test
    void aBadShareIsBlamedAndTheOthersSuffice() {
        KeyDealer.Dealing dealing = deal(7, 5);
        MessagePoint message = MessagePoint.of(MESSAGE);
        Combiner combiner = new Combiner(dealing.key(), MESSAGE);
        assertNull(combiner.add(dealing.shares().get(0).sign(message)));
        // Another message, garbage, infinity, and another member's share.
        assertNull(combiner.add(dealing.shares().get(1).sign(new byte[] {7})));
        assertNull(combiner.add(new SignatureShare(3, Blob.of(prng.bytes(48)))));
        assertNull(combiner.add(dealing.shares().get(3).sign(message)));
        assertNull(combiner.add(dealing.shares().get(4).sign(message)));
        assertEquals(List.of(2, 3), combiner.blamed());
        // A blamed signer has had its turn.
        assertNull(combiner.add(dealing.shares().get(1).sign(message)));
        assertNull(combiner.add(dealing.shares().get(5).sign(message)));
        Blob signature = combiner.add(dealing.shares().get(6).sign(message));
        assertTrue(signature != null && dealing.key().publicKey().verify(message, signature));
        assertEquals(List.of(2, 3), combiner.blamed());
        assertEquals(signature, combiner.signature());
    }

    @Test
    void infinityAndPointsOutsideTheSubgroupAreRefused() throws Exception {
        byte[] infinity = new byte[48];
        infinity[0] = (byte) 0xc0;
        KeyDealer.Dealing dealing = deal(1, 1);
        BlsPublicKey key = dealing.key().publicKey();
        assertFalse(key.verify(MESSAGE, Blob.of(infinity)));
        assertFalse(key.verify(MESSAGE, Blob.EMPTY));
        assertFalse(key.verify(MESSAGE, Blob.of(new byte[48])));
        Blob signature = dealing.shares().getFirst().sign(MESSAGE).signature();
        assertTrue(key.verify(MESSAGE, signature));
        assertFalse(key.verify(MESSAGE, plusTorsion(signature)));

        byte[] infinityKey = new byte[96];
        infinityKey[0] = (byte) 0xc0;
        assertThrows(KeyFormatException.class, () -> BlsPublicKey.decode(Blob.of(infinityKey)));
        assertThrows(KeyFormatException.class, () -> BlsPublicKey.decode(Blob.of(new byte[96])));
        assertThrows(KeyFormatException.class, () -> BlsPublicKey.decode(outsideOfG2()));
    }

    /// The signature plus a point of the curve whose order divides the cofactor.
    private static Blob plusTorsion(Blob signature) {
        ECCurve curve = BLS12_381G1.createCurve();
        for (int x = 1; ; x++) {
            byte[] compressed = new byte[48];
            compressed[0] = (byte) 0x80;
            compressed[47] = (byte) x;
            ECPoint point;
            try {
                point = decompressAnywhere(compressed, curve);
            } catch (ArithmeticException e) {
                continue;
            }
            ECPoint torsion = point.multiply(BLS12_381G1.ORDER);
            if (!torsion.isInfinity()) {
                ECPoint sum =
                        BLS12_381Serialization.decompressG1(signature.toBytes(), curve)
                                .add(torsion)
                                .normalize();
                assertFalse(BLS12_381SubgroupCheck.isInG1Subgroup(sum));
                return compress(sum);
            }
        }
    }

    /// y^2 = x^3 + 4, whether or not the point lies in the subgroup.
    private static ECPoint decompressAnywhere(byte[] compressed, ECCurve curve) {
        byte[] digits = compressed.clone();
        digits[0] &= 0x1f;
        BigInteger p = BLS12_381G1.Q;
        BigInteger x = new BigInteger(1, digits);
        BigInteger square = x.pow(3).add(BigInteger.valueOf(4)).mod(p);
        BigInteger y = square.modPow(p.add(BigInteger.ONE).shiftRight(2), p);
        if (!y.multiply(y).mod(p).equals(square)) {
            throw new ArithmeticException("no point");
        }
        return curve.createPoint(x, y);
    }

    private static Blob compress(ECPoint point) {
        BigInteger p = BLS12_381G1.Q;
        byte[] digits =
                point.getAffineXCoord()
                        .toBigInteger()
                        .add(BigInteger.ONE.shiftLeft(384))
                        .toByteArray();
        byte[] compressed = java.util.Arrays.copyOfRange(digits, digits.length - 48, digits.length);
        boolean upper = point.getAffineYCoord().toBigInteger().compareTo(p.shiftRight(1)) > 0;
        compressed[0] |= (byte) (upper ? 0xa0 : 0x80);
        return Blob.of(compressed);
    }

    /// A compressed x coordinate that is on the curve of G2, hence, but for one chance in 2^512,
    /// outside the subgroup.
    private static Blob outsideOfG2() {
        for (int x = 1; x < 100; x++) {
            byte[] compressed = new byte[96];
            compressed[0] = (byte) 0x80;
            compressed[95] = (byte) x;
            if (icj.crypto.provider.NativePoints.isOnCurveOfG2(compressed)) {
                return Blob.of(compressed);
            }
        }
        throw new AssertionError("half of all x are on the curve");
    }

    @Test
    void theDerFormIsThatOfTheInterfaceSpecification() throws Exception {
        BlsPublicKey key = deal(1, 1).key().publicKey();
        Blob der = key.der();
        assertEquals(133, der.length());
        assertEquals(
                "308182301d060d2b0601040182dc7c0503010201060c2b0601040182dc7c05030201036100",
                HexFormat.of().formatHex(der.toBytes(), 0, 37));
        assertEquals(key, BlsPublicKey.fromDer(der));
        assertTrue(SubnetKeys.subnetId(der).principal().isSelfAuthenticating());
        byte[] wrong = der.toBytes();
        wrong[10] ^= 1;
        assertThrows(KeyFormatException.class, () -> BlsPublicKey.fromDer(Blob.of(wrong)));
        assertThrows(KeyFormatException.class, () -> BlsPublicKey.fromDer(der.slice(0, 132)));
    }

    @Test
    void aShareSurvivesItsFileAndNonsenseIsRefused() throws Exception {
        KeyDealer.Dealing dealing = deal(4, 3);
        SecretShare share = dealing.shares().get(2);
        String hex = share.toHex();
        assertEquals(64, hex.length());
        SecretShare read = SecretShare.fromHex(3, hex + "\n");
        assertTrue(dealing.key().holds(read));
        assertFalse(dealing.key().holds(SecretShare.fromHex(2, hex)));
        assertArrayEquals(
                share.sign(MESSAGE).signature().toBytes(),
                read.sign(MESSAGE).signature().toBytes());
        String order = String.format("%064x", BLS12_381G1.ORDER);
        for (String nonsense : List.of("", "00", "0".repeat(64), order, "g".repeat(64))) {
            assertThrows(KeyFormatException.class, () -> SecretShare.fromHex(1, nonsense));
        }
        share.wipe();
        assertEquals("0".repeat(64), share.toHex());
    }

    @Test
    void theKeyIsReadBackFromItsCommitments() throws Exception {
        KeyDealer.Dealing dealing = deal(13, 9);
        ThresholdKey read = ThresholdKey.of(dealing.key().commitments());
        assertEquals(9, read.threshold());
        for (SecretShare share : dealing.shares()) {
            assertEquals(share.publicKey(), read.shareKey(share.index()));
        }
        assertThrows(KeyFormatException.class, () -> ThresholdKey.of(List.of()));
    }

    @Test
    void severalThreadsMaySignCombineAndVerifyAtOnce() throws Exception {
        KeyDealer.Dealing dealing = deal(4, 3);
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Prng own = prng.split();
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    signAndVerify(dealing, own);
                                } catch (Throwable e) {
                                    synchronized (failures) {
                                        failures.add(e);
                                    }
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), failures);
    }

    private static void signAndVerify(KeyDealer.Dealing dealing, Prng prng) {
        for (int round = 0; round < 30; round++) {
            // Few messages, so that threads meet in the cache of hashes.
            byte[] message = {(byte) prng.below(4)};
            Combiner combiner = new Combiner(dealing.key(), message);
            for (SecretShare share : dealing.shares()) {
                combiner.add(share.sign(message));
            }
            assertEquals(List.of(), combiner.blamed());
            assertTrue(dealing.key().publicKey().verify(message, combiner.signature()));
            int member = 1 + prng.below(4);
            assertTrue(
                    dealing.key()
                            .verifyShare(
                                    MessagePoint.of(message),
                                    dealing.shares().get(member - 1).sign(message)));
        }
    }
}
