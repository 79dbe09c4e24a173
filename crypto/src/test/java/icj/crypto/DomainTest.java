package icj.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import icj.types.Blob;
import icj.types.Digest;
import icj.types.RequestId;
import icj.wire.RepresentationHash;

import org.junit.jupiter.api.Test;

final class DomainTest {
    private static final RequestId ID =
            new RequestId(Digest.owning(Hasher.sha256().update((byte) 1).bytes()));

    private static void beginsWith(String separator, byte[] signed, int length) {
        assertEquals(
                separator,
                new String(
                        signed,
                        0,
                        separator.length(),
                        java.nio.charset.StandardCharsets.ISO_8859_1));
        assertEquals(length, signed.length);
    }

    @Test
    void separatorsCarryTheirLength() {
        beginsWith("\012ic-request", Domain.request(ID), 11 + 32);
        beginsWith("\032ic-request-auth-delegation", Domain.delegation(ID.digest()), 27 + 32);
        beginsWith("\016ic-sender-info", Domain.senderInfo(Blob.of(new byte[3])), 15 + 3);
        beginsWith("\015ic-state-root", Domain.stateRoot(Digest.ZERO), 46);
        beginsWith("\013ic-response", Domain.queryReplied(Blob.EMPTY, 1, ID), 12 + 32);
    }

    @Test
    void anAnswerIsHashedWithExactlyItsFields() {
        byte[] without = Domain.queryRejected(4, "no", null, 7, ID);
        byte[] with = Domain.queryRejected(4, "no", "IC0406", 7, ID);
        assertNotEquals(Blob.of(without), Blob.of(with));
        Digest expected =
                new RepresentationHash()
                        .nat("reject_code", 4)
                        .text("reject_message", "no")
                        .text("error_code", "IC0406")
                        .text("status", "rejected")
                        .nat("timestamp", 7)
                        .bytes("request_id", Blob.of(ID.digest().toBytes()))
                        .digest();
        assertEquals(expected, Digest.of(Blob.of(with).slice(12, 44).toBytes()));
    }

    @Test
    void aHasherStartsAnewAndCopiesAreIndependent() {
        Hasher one = Hasher.sha256();
        Digest empty = one.digest();
        assertEquals(
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                empty.toString());
        one.update((byte) 1);
        assertEquals(empty, Hasher.sha256().digest());
        assertNotEquals(empty, one.digest());
        assertEquals(empty, one.digest());
        byte[] room = new byte[40];
        one.domain("ic-request").writeTo(room, 4);
        assertEquals(
                Hasher.sha256().update(Domain.separator("ic-request")).digest(),
                Digest.of(Blob.of(room).slice(4, 36).toBytes()));
        assertEquals(28, Hasher.sha224().bytes().length);
    }
}
