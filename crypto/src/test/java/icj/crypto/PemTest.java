package icj.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.crypto.provider.EcdsaCurve;
import icj.types.Blob;

import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.util.List;

/// Key files, most of them written by OpenSSL for this test and used nowhere else.
final class PemTest {
    private static final String ED25519 =
            """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIG+hHdKlMR5EbKJuY6OR0IpipYmmsPA54iWwKed572Ye
            -----END PRIVATE KEY-----
            """;
    private static final String P256_SEC1 =
            """
            -----BEGIN EC PARAMETERS-----
            BggqhkjOPQMBBw==
            -----END EC PARAMETERS-----
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEIPZ1efwUPSYvNBZjanpi1LvHIwc/JdisCXMd/ad85X8ooAoGCCqGSM49
            AwEHoUQDQgAE4jIZLirpGxBShS82cqJFbgt0zP4WUgibVhUZJEAe35QyL5pBR8s2
            Iql3qEl09bV1oFXeI06DDdY9pm1D4cmvIQ==
            -----END EC PRIVATE KEY-----
            """;
    private static final String P256_PKCS8 =
            """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg9nV5/BQ9Ji80FmNq
            emLUu8cjBz8l2KwJcx39p3zlfyihRANCAATiMhkuKukbEFKFLzZyokVuC3TM/hZS
            CJtWFRkkQB7flDIvmkFHyzYiqXeoSXT1tXWgVd4jToMN1j2mbUPhya8h
            -----END PRIVATE KEY-----
            """;
    private static final String SECP256K1_SEC1 =
            """
            -----BEGIN EC PARAMETERS-----
            BgUrgQQACg==
            -----END EC PARAMETERS-----
            -----BEGIN EC PRIVATE KEY-----
            MHQCAQEEINvnuPOnrhXy1ocW9xmfKe6asBNeU8x4f2x0rsof9FWxoAcGBSuBBAAK
            oUQDQgAEUndJYcN9Ny9I1WjVpJPFNesUsxVvxiheElFam28+4bqNaxMVqXwhCHqW
            ntHOleJmvoAaWNPFEnjoYOGD6tyhTg==
            -----END EC PRIVATE KEY-----
            """;
    private static final String SECP256K1_PKCS8 =
            """
            -----BEGIN PRIVATE KEY-----
            MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQg2+e486euFfLWhxb3GZ8p
            7pqwE15TzHh/bHSuyh/0VbGhRANCAARSd0lhw303L0jVaNWkk8U16xSzFW/GKF4S
            UVqbbz7huo1rExWpfCEIepae0c6V4ma+gBpY08USeOhg4YPq3KFO
            -----END PRIVATE KEY-----
            """;
    private static final String X25519 =
            """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VuBCIEICCvwaoWJlAMb5xFpZM1Ozd+1lMuriDntbjWTNicLNBI
            -----END PRIVATE KEY-----
            """;

    private static final byte[] MESSAGE = {1, 2, 3};

    private static void holds(String pem, SignatureScheme scheme, String publicKeyDer)
            throws KeyFormatException {
        SigningKey key = SigningKey.fromPem(pem);
        assertEquals(scheme, key.scheme());
        assertEquals(Blob.fromHex(publicKeyDer), key.publicKeyDer());
        assertTrue(VerifyingKey.fromDer(key.publicKeyDer()).verify(MESSAGE, key.sign(MESSAGE)));
    }

    @Test
    void readsWhatOpenSslWrites() throws Exception {
        holds(
                ED25519,
                SignatureScheme.ED25519,
                "302a300506032b6570032100794ca24e19536a7a2325c880d334b1ad10fc3d29b221975ac1b064120571615d");
        holds(
                P256_SEC1,
                SignatureScheme.ECDSA_P256,
                "3059301306072a8648ce3d020106082a8648ce3d03010703420004e232192e2ae91b1052852f3672a2456e0b74ccfe1652089b56151924401edf94322f9a4147cb3622a977a84974f5b575a055de234e830dd63da66d43e1c9af21");
        holds(
                P256_PKCS8,
                SignatureScheme.ECDSA_P256,
                "3059301306072a8648ce3d020106082a8648ce3d03010703420004e232192e2ae91b1052852f3672a2456e0b74ccfe1652089b56151924401edf94322f9a4147cb3622a977a84974f5b575a055de234e830dd63da66d43e1c9af21");
        holds(
                SECP256K1_SEC1,
                SignatureScheme.ECDSA_SECP256K1,
                "3056301006072a8648ce3d020106052b8104000a0342000452774961c37d372f48d568d5a493c535eb14b3156fc6285e12515a9b6f3ee1ba8d6b1315a97c21087a969ed1ce95e266be801a58d3c51278e860e183eadca14e");
        holds(
                SECP256K1_PKCS8,
                SignatureScheme.ECDSA_SECP256K1,
                "3056301006072a8648ce3d020106052b8104000a0342000452774961c37d372f48d568d5a493c535eb14b3156fc6285e12515a9b6f3ee1ba8d6b1315a97c21087a969ed1ce95e266be801a58d3c51278e860e183eadca14e");
        // Windows line ends, and text before.
        holds(
                "a note\r\n" + ED25519.replace("\n", "\r\n"),
                SignatureScheme.ED25519,
                "302a300506032b6570032100794ca24e19536a7a2325c880d334b1ad10fc3d29b221975ac1b064120571615d");
    }

    @Test
    void aKeyThatDoesNotNameItsCurveTakesItFromBeside() throws Exception {
        String key =
                """
                -----BEGIN EC PRIVATE KEY-----
                MCUCAQEEINvnuPOnrhXy1ocW9xmfKe6asBNeU8x4f2x0rsof9FWx
                -----END EC PRIVATE KEY-----
                """;
        String curve =
                """
                -----BEGIN EC PARAMETERS-----
                BgUrgQQACg==
                -----END EC PARAMETERS-----
                """;
        assertEquals(
                SigningKey.fromPem(SECP256K1_SEC1).publicKeyDer(),
                SigningKey.fromPem(curve + key).publicKeyDer());
        assertRefused(key, "does not name its curve");
    }

    @Test
    void anEd25519KeySurvivesItsFile() throws Exception {
        Ed25519SigningKey key = Ed25519SigningKey.generate(new SecureRandom());
        Ed25519SigningKey read = Ed25519SigningKey.fromPem(key.toPem());
        assertEquals(key.publicKeyDer(), read.publicKeyDer());
        assertEquals(key.toPem(), read.toPem());
        assertEquals(ED25519, Ed25519SigningKey.fromPem(ED25519).toPem());
        NodeSigner node = NodeSigner.fromPem(key.toPem());
        assertEquals(key.principal(), node.nodeId().principal());
        assertTrue(VerifyingKey.fromDer(node.publicKeyDer()).verify(MESSAGE, node.sign(MESSAGE)));
    }

    @Test
    void aKeyWithItsPublicKeyIsReadAndMustMatch() throws Exception {
        // RFC 8410, section 10.3: version 1 with attributes and the public key.
        String pem =
                """
                -----BEGIN PRIVATE KEY-----
                MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
                oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
                Z9w7lshQhqowtrbLDFw4rXAxZuE=
                -----END PRIVATE KEY-----
                """;
        holds(
                pem,
                SignatureScheme.ED25519,
                "302a300506032b657003210019bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad70"
                        + "3166e1");
        assertRefused(pem.replace("mG", "mH").replace("ZuE=", "ZuI="), "another key's");
    }

    @Test
    void complaintsSayWhatIsWrongAndNotTheKey() {
        assertRefused("", "no private key");
        assertRefused("-----BEGIN CERTIFICATE-----", "no private key");
        assertRefused(X25519, "1.3.101.110");
        assertRefused("-----BEGIN PRIVATE KEY-----\nMC4C", "is missing");
        assertRefused("-----BEGIN PRIVATE KEY-----\n?\n-----END PRIVATE KEY-----", "not base 64");
        assertRefused("-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----", "PKCS#8");
        assertRefused("-----BEGIN EC PRIVATE KEY-----\nMC4C\n-----END EC PRIVATE KEY-----", "SEC1");
        assertRefused(
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMC4C\n-----END ENCRYPTED PRIVATE KEY-----",
                "decrypt");
        assertRefused(
                "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMC4C\n"
                        + "-----END EC PRIVATE KEY-----",
                "decrypt");
        assertRefused("x".repeat(100_000), "too long");
        assertThrows(KeyFormatException.class, () -> NodeSigner.fromPem(SECP256K1_SEC1));
    }

    private static void assertRefused(String pem, String fragment) {
        String message =
                assertThrows(KeyFormatException.class, () -> SigningKey.fromPem(pem)).getMessage();
        assertTrue(message.contains(fragment), message);
        assertFalse(message.contains("MC4C"), message);
    }

    @Test
    void freshKeysOfBothCurvesSign() throws Exception {
        for (EcdsaCurve curve : List.of(EcdsaCurve.values())) {
            EcdsaSigningKey key = EcdsaSigningKey.generate(curve, new SecureRandom());
            VerifyingKey publicKey = VerifyingKey.fromDer(key.publicKeyDer());
            assertEquals(key.scheme(), publicKey.scheme());
            assertEquals(key.principal(), publicKey.principal());
            assertEquals(key.sign(MESSAGE), key.sign(MESSAGE));
            assertTrue(publicKey.verify(MESSAGE, key.sign(MESSAGE)));
            assertFalse(publicKey.verify(new byte[] {9}, key.sign(MESSAGE)));
        }
    }
}
