package icj.crypto.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.crypto.bls.BlsPublicKey;
import icj.crypto.bls.SubnetKeys;
import icj.testing.Prng;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.wire.MalformedException;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// A certificate that the public Internet Computer gave out in February 2022, against its root key:
/// what others signed verifies here.
final class MainnetCertificateTest {
    private static final Blob ROOT_KEY =
            Blob.fromHex(
                    "308182301d060d2b0601040182dc7c0503010201060c2b0601040182dc7c05030201036100814c0e"
                        + "6ec71fab583b08bd81373c255c3c371b2e84863c98a4f1e08b74235d14fb5d9c0c"
                        + "d546d9685f913a0c0b2cc5341583bf4b4392e467db96d65b9bb4cb717112f8472e"
                        + "0d5a4d14505ffd7484b01291091c5f87b98883463f98091a0baaae");

    private final Blob encoded = encoded();

    private static Blob encoded() {
        try {
            Path file = Path.of("src/test/resources/mainnet/certificate.hex");
            return Blob.fromHex(Files.readString(file).strip());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void verifiesAndSpeaksForTheCanistersOfItsSubnet() throws Exception {
        Certificate certificate = Certificate.decode(encoded);
        CertificateVerifier verifier = CertificateVerifier.of(ROOT_KEY);
        CertificateVerdict.Valid timeless =
                assertInstanceOf(
                        CertificateVerdict.Valid.class, verifier.verifyTimeless(certificate));
        assertTrue(timeless.covers(CanisterId.ofNumber(0x200000).principal()));
        assertTrue(timeless.covers(CanisterId.ofNumber(0x2fffff).principal()));
        assertFalse(timeless.covers(CanisterId.ofNumber(0x300000).principal()));
        assertEquals(timeless, verifier.verify(certificate, timeless.timeNanos() + 1_000_000_000));
        assertEquals(encoded, certificate.encode());
    }

    @Test
    void tellsWhatBecameOfTheRequest() throws Exception {
        HashTree tree = Certificate.decode(encoded).tree();
        Blob request =
                Blob.fromHex("edad510eaaa08ed2acd4781324e6446269da6753ec17760f206bbe81c465ff52");
        Blob status =
                tree.value(
                        List.of(
                                HashTree.label("request_status"),
                                request,
                                HashTree.label("status")));
        assertEquals("rejected", new String(status.toBytes(), StandardCharsets.UTF_8));
    }

    @Test
    void aChangedByteIsNoticed() throws Exception {
        CertificateVerifier verifier = CertificateVerifier.of(ROOT_KEY);
        Certificate good = Certificate.decode(encoded);
        byte[] signature = good.signature().toBytes();
        signature[47] ^= 1;
        assertInstanceOf(
                CertificateVerdict.Invalid.class,
                verifier.verifyTimeless(
                        new Certificate(good.tree(), Blob.of(signature), good.delegation())));
    }

    @Test
    void theRootSubnetHasTheIdThatEverybodyKnows() throws Exception {
        assertEquals(
                "tdb26-jop6k-aogll-7ltgs-eruif-6kk7m-qpktf-gdiqx-mxtrf-vb5e6-eqe",
                SubnetKeys.subnetId(BlsPublicKey.fromDer(ROOT_KEY)).toString());
    }

    /// Bytes changed, inserted, removed, cut: the answer is an exception of one kind or a verdict.
    @Test
    void damageNeverThrowsAnythingElse() throws Exception {
        Prng prng = Prng.fromProperty();
        CertificateVerifier verifier = CertificateVerifier.of(ROOT_KEY);
        int wellFormed = 0;
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = encoded.toBytes();
            for (int i = prng.below(3); i >= 0; i--) {
                int at = prng.below(bytes.length);
                switch (prng.below(4)) {
                    case 0 -> bytes[at] ^= (byte) (1 << prng.below(8));
                    case 1 -> bytes[at] = (byte) prng.bits();
                    case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                    default -> {
                        byte[] shifted = Arrays.copyOf(bytes, bytes.length + 1);
                        System.arraycopy(bytes, at, shifted, at + 1, bytes.length - at);
                        bytes = shifted;
                    }
                }
            }
            if (Arrays.equals(bytes, encoded.shared())) {
                continue;
            }
            Certificate certificate;
            try {
                certificate = Certificate.decode(Blob.of(bytes));
            } catch (MalformedException e) {
                continue;
            }
            wellFormed++;
            // Only what is not signed may have changed, as a field that is ignored.
            if (verifier.verifyTimeless(certificate) instanceof CertificateVerdict.Valid) {
                assertEquals(Certificate.decode(encoded), certificate);
            }
        }
        assertTrue(wellFormed > 50, "well-formed " + wellFormed);
    }
}
