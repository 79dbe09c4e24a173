package icj.crypto;

import icj.crypto.provider.PrivateKeyReader;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Private keys in PEM files (RFC 7468).
final class Pem {
    private static final String PKCS8 = "PRIVATE KEY";
    private static final String SEC1 = "EC PRIVATE KEY";
    private static final String CURVE = "EC PARAMETERS";
    private static final int LINE_LENGTH = 64;

    /// Far above any key file.
    private static final int LENGTH_MAX = 64 * 1024;

    private Pem() {}

    static SigningKey read(String pem) throws KeyFormatException {
        if (pem.length() > LENGTH_MAX) {
            throw new KeyFormatException("This is too long for a private key in PEM form");
        }
        byte[] pkcs8 = block(pem, PKCS8);
        if (pkcs8 != null) {
            return signingKey(PrivateKeyReader.pkcs8(pkcs8));
        }
        byte[] sec1 = block(pem, SEC1);
        if (sec1 != null) {
            return signingKey(PrivateKeyReader.sec1(sec1, block(pem, CURVE)));
        }
        if (pem.contains("BEGIN ENCRYPTED PRIVATE KEY") || pem.contains("ENCRYPTED")) {
            throw new KeyFormatException(
                    "The private key is encrypted; decrypt it first, as with openssl pkey");
        }
        throw new KeyFormatException(
                "This file holds no private key in PEM form (PRIVATE KEY or EC PRIVATE KEY)");
    }

    private static SigningKey signingKey(PrivateKeyReader.Found found) throws KeyFormatException {
        if (found.ed25519() != null) {
            return new Ed25519SigningKey(found.ed25519());
        }
        if (found.ecdsa() != null) {
            return new EcdsaSigningKey(found.ecdsa());
        }
        throw new KeyFormatException("This file holds no private key");
    }

    static String write(String label, byte[] der) {
        String digits =
                Base64.getMimeEncoder(LINE_LENGTH, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der);
        return begin(label) + "\n" + digits + "\n" + end(label) + "\n";
    }

    /// The bytes between the marks of `label`, or null when it does not stand there.
    private static byte @Nullable [] block(String pem, String label) throws KeyFormatException {
        int begin = pem.indexOf(begin(label));
        if (begin < 0) {
            return null;
        }
        int from = begin + begin(label).length();
        int to = pem.indexOf(end(label), from);
        if (to < 0) {
            throw new KeyFormatException("The line " + end(label) + " is missing");
        }
        String digits = pem.substring(from, to).replaceAll("\\s", "");
        if (digits.contains("Proc-Type") || digits.contains(":")) {
            throw new KeyFormatException(
                    "The private key is encrypted; decrypt it first, as with openssl pkey");
        }
        try {
            return Base64.getDecoder().decode(digits);
        } catch (IllegalArgumentException e) {
            throw new KeyFormatException("The lines of " + label + " are not base 64");
        }
    }

    private static String begin(String label) {
        return "-----BEGIN " + label + "-----";
    }

    private static String end(String label) {
        return "-----END " + label + "-----";
    }
}
