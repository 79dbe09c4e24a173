package icj.candid;

import java.util.Arrays;
import java.util.zip.CRC32;

/// An identifier of a user, canister, node or subnet: 0 to 29 bytes (interface specification,
/// "Principals").
///
/// Immutable, compared bytewise (unsigned), so that sorted collections order it as the state tree
/// does.
public final class Principal implements Comparable<Principal> {
    /// The longest principal, in bytes; the specification's bound.
    public static final int LENGTH_MAX = 29;

    /// The management canister `aaaaa-aa`: the empty blob.
    public static final Principal MANAGEMENT = new Principal(new byte[0]);

    /// The anonymous caller `2vxsx-fae`: the single byte 4.
    public static final Principal ANONYMOUS = new Principal(new byte[] {4});

    private static final int CHECKSUM_LENGTH = 4;
    private static final int GROUP = 5;
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int SELF_AUTHENTICATING = 2;
    private static final int SELF_AUTHENTICATING_LENGTH = 29;

    private final byte[] bytes;

    private Principal(byte[] bytes) {
        this.bytes = bytes;
    }

    /// The principal of these bytes.
    ///
    /// @throws IllegalArgumentException when there are more than 29
    public static Principal of(byte[] bytes) {
        if (bytes.length > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "A principal has at most 29 bytes, these are " + bytes.length);
        }
        return new Principal(bytes.clone());
    }

    /// Reads the canonical text form (base 32 of checksum and bytes, lower case, groups of five).
    ///
    /// @throws IllegalArgumentException when the text is not exactly what [#toString] prints
    public static Principal fromText(String text) {
        String digits = text.replace("-", "");
        byte[] decoded = new byte[digits.length() * 5 / 8];
        int buffer = 0;
        int bits = 0;
        int length = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = ALPHABET.indexOf(digits.charAt(i));
            if (digit < 0) {
                throw notCanonical(text);
            }
            buffer = (buffer << 5) | digit;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                decoded[length++] = (byte) (buffer >>> bits);
                buffer &= (1 << bits) - 1;
            }
        }
        if (decoded.length < CHECKSUM_LENGTH || decoded.length > CHECKSUM_LENGTH + LENGTH_MAX) {
            throw notCanonical(text);
        }
        Principal principal =
                new Principal(Arrays.copyOfRange(decoded, CHECKSUM_LENGTH, decoded.length));
        if (!principal.toString().equals(text)) {
            throw notCanonical(text);
        }
        return principal;
    }

    private static IllegalArgumentException notCanonical(String text) {
        String shown = text.length() > 80 ? text.substring(0, 80) + "..." : text;
        return new IllegalArgumentException(
                "\""
                        + shown
                        + "\" is not a principal in its text form, as rrkah-fqaaa-aaaaa-aaaaq-cai");
    }

    /// The bytes, a copy.
    public byte[] toBytes() {
        return bytes.clone();
    }

    /// The number of bytes.
    public int length() {
        return bytes.length;
    }

    /// Whether this is the caller that signs nothing.
    public boolean isAnonymous() {
        return equals(ANONYMOUS);
    }

    /// Whether this is the management canister.
    public boolean isManagement() {
        return bytes.length == 0;
    }

    /// Whether this is the hash of a public key (class 2), as users, nodes and subnets are.
    public boolean isSelfAuthenticating() {
        return bytes.length == SELF_AUTHENTICATING_LENGTH
                && bytes[bytes.length - 1] == SELF_AUTHENTICATING;
    }

    @Override
    public int compareTo(Principal other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Principal p && Arrays.equals(bytes, p.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// The canonical text form.
    @Override
    public String toString() {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        byte[] all = new byte[CHECKSUM_LENGTH + bytes.length];
        for (int i = 0; i < CHECKSUM_LENGTH; i++) {
            all[i] = (byte) (crc.getValue() >>> (24 - 8 * i));
        }
        System.arraycopy(bytes, 0, all, CHECKSUM_LENGTH, bytes.length);
        StringBuilder text = new StringBuilder();
        int buffer = 0;
        int bits = 0;
        int digits = 0;
        for (int i = 0; i < all.length || bits > 0; ) {
            if (bits < 5) {
                boolean more = i < all.length;
                buffer = (buffer << 8) | (more ? all[i] & 0xff : 0);
                if (!more) {
                    buffer >>= 8;
                    buffer <<= 5 - bits;
                    bits = 5;
                } else {
                    i++;
                    bits += 8;
                }
            }
            while (bits >= 5) {
                bits -= 5;
                if (digits > 0 && digits % GROUP == 0) {
                    text.append('-');
                }
                text.append(ALPHABET.charAt((buffer >>> bits) & 31));
                buffer &= (1 << bits) - 1;
                digits++;
            }
        }
        return text.toString();
    }
}
