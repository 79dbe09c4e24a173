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
import java.util.Arrays;
import java.util.List;

final class EcdsaRuleTest {
    private final Prng prng = Prng.fromProperty();

    private EcdsaPrivateKey key(EcdsaCurve curve) {
        EcdsaPrivateKey key = EcdsaPrivateKey.of(curve, new BigInteger(1, prng.bytes(31)));
        assertNotNull(key);
        return key;
    }

    private static byte[] withS(byte[] signature, BigInteger s) {
        byte[] digits = s.toByteArray();
        byte[] changed = Arrays.copyOf(signature, 64);
        Arrays.fill(changed, 32, 64, (byte) 0);
        int length = Math.min(32, digits.length);
        System.arraycopy(digits, digits.length - length, changed, 64 - length, length);
        return changed;
    }

    @Test
    void bothHalvesOfTheGroupAreTakenAndNothingElse() {
        for (EcdsaCurve curve : List.of(EcdsaCurve.values())) {
            BigInteger order = curve.domain().getN();
            for (int round = 0; round < 20; round++) {
                EcdsaPrivateKey key = key(curve);
                EcdsaPublicKey publicKey = EcdsaPublicKey.ofDer(curve, key.publicKeyDer());
                byte[] message = prng.bytes(prng.below(100));
                byte[] signature = key.sign(message).toBytes();
                BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
                assertTrue(s.compareTo(order.shiftRight(1)) <= 0);
                assertTrue(publicKey.verify(message, signature));
                assertTrue(publicKey.verify(message, withS(signature, order.subtract(s))));
                assertFalse(publicKey.verify(message, withS(signature, BigInteger.ZERO)));
                assertFalse(publicKey.verify(message, withS(signature, order)));
                assertFalse(publicKey.verify(message, new byte[64]));
                assertFalse(publicKey.verify(message, Arrays.copyOf(signature, 63)));
                byte[] damaged = signature.clone();
                damaged[prng.below(64)] ^= (byte) (1 << prng.below(8));
                assertFalse(publicKey.verify(message, damaged));
                assertEquals(
                        publicKey.finalVerify(message, damaged),
                        publicKey.verify(message, damaged));
            }
        }
    }

    @Test
    void theFastProviderAgreesOnGoodSignatures() {
        EcdsaPrivateKey key = key(EcdsaCurve.P256);
        EcdsaPublicKey publicKey = EcdsaPublicKey.ofDer(EcdsaCurve.P256, key.publicKeyDer());
        byte[] signature = key.sign(new byte[5]).toBytes();
        assertEquals(Corretto.isLoaded(), publicKey.fastVerify(new byte[5], signature));
        assertTrue(publicKey.finalVerify(new byte[5], signature));
    }

    @Test
    void keysMustBeUncompressedPointsOfTheCurveInExactDer() {
        for (EcdsaCurve curve : List.of(EcdsaCurve.values())) {
            Blob der = key(curve).publicKeyDer();
            assertNotNull(EcdsaPublicKey.ofDer(curve, der));
            byte[] off = der.toBytes();
            off[off.length - 1] ^= 1;
            assertNull(EcdsaPublicKey.ofDer(curve, Blob.of(off)));
            byte[] hybrid = der.toBytes();
            hybrid[hybrid.length - 65] = 6;
            assertNull(EcdsaPublicKey.ofDer(curve, Blob.of(hybrid)));
            byte[] infinity = der.toBytes();
            Arrays.fill(infinity, infinity.length - 64, infinity.length, (byte) 0);
            assertNull(EcdsaPublicKey.ofDer(curve, Blob.of(infinity)));
            byte[] beyond = der.toBytes();
            Arrays.fill(beyond, beyond.length - 64, beyond.length - 32, (byte) 0xff);
            assertNull(EcdsaPublicKey.ofDer(curve, Blob.of(beyond)));
            assertNull(EcdsaPublicKey.ofDer(curve, der.slice(0, der.length() - 1)));
        }
    }
}
