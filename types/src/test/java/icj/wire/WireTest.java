package icj.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import icj.testing.Prng;
import icj.types.Blob;
import icj.types.Digest;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;

final class WireTest {
    @Test
    void hashesPartsAsOne() {
        assertEquals(
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                Sha256.of("a".getBytes(), "bc".getBytes()).toString());
        assertEquals(Sha256.of("b".getBytes()), Sha256.ofRange("abc".getBytes(), 1, 2));
    }

    @Test
    void readsWhatItWrote() throws MalformedException {
        Digest digest = Sha256.of(new byte[1]);
        byte[] bytes =
                new ByteWriter(1)
                        .u8(200)
                        .u16(60_000)
                        .u32(-2)
                        .u64(Long.MIN_VALUE + 7)
                        .bool(true)
                        .blob(new byte[] {1, 2})
                        .text("\u00fc\ud83d\ude00")
                        .digest(digest)
                        .count(3)
                        .raw(new byte[] {7, 8, 9})
                        .toBytes();
        ByteReader in = new ByteReader(bytes);
        assertEquals(200, in.u8());
        assertEquals(60_000, in.u16());
        assertEquals(-2, in.u32());
        assertEquals(Long.MIN_VALUE + 7, in.u64());
        assertEquals(true, in.bool());
        assertEquals(Blob.fromHex("0102"), in.blob(2));
        assertEquals("\u00fc\ud83d\ude00", in.text(6));
        assertEquals(digest, in.digest());
        assertEquals(3, in.count(3, 1));
        assertArrayEquals(new byte[] {7, 8, 9}, in.raw(3));
        in.end();
    }

    @Test
    void checksLengthsBeforeItAllocates() {
        byte[] huge = new ByteWriter().u32(Integer.MAX_VALUE).toBytes();
        refused(() -> new ByteReader(huge).blob(Integer.MAX_VALUE));
        refused(() -> new ByteReader(huge).text(Integer.MAX_VALUE));
        refused(() -> new ByteReader(huge).count(Integer.MAX_VALUE, 1));
        refused(() -> new ByteReader(new ByteWriter().u32(-1).toBytes()).blob(10));
        refused(() -> new ByteReader(new ByteWriter().u32(3).u32(0).toBytes()).blob(2));
        refused(() -> new ByteReader(new byte[3]).u32());
        refused(() -> new ByteReader(new byte[] {2}).bool());
        refused(() -> new ByteReader(new byte[] {2}).end());
        refused(() -> new ByteReader(new ByteWriter().blob(new byte[] {-1}).toBytes()).text(9));
    }

    @Test
    void leb128HasTheShortestForm() throws MalformedException {
        assertEquals(Blob.fromHex("00"), Blob.of(Leb128.unsigned(0)));
        assertEquals(Blob.fromHex("e58e26"), Blob.of(Leb128.unsigned(624485)));
        assertEquals(Blob.fromHex("ffffffffffffffffff01"), Blob.of(Leb128.unsigned(-1)));
        assertEquals(Blob.fromHex("c0bb78"), Blob.of(Leb128.signed(-123456)));
        assertEquals(Blob.fromHex("7f"), Blob.of(Leb128.signed(-1)));
        assertEquals(Blob.fromHex("c000"), Blob.of(Leb128.signed(64)));
        refused(() -> Leb128.readUnsigned(new ByteReader(Blob.fromHex("ffffffffffffffffff02"))));
        refused(() -> Leb128.readUnsigned(new ByteReader(Blob.fromHex("8080808080808080808000"))));
        refused(() -> Leb128.readUnsigned(new ByteReader(Blob.fromHex("80"))));
        refused(() -> Leb128.readUnsigned(new ByteReader(Blob.fromHex("808000")), 2));
        assertEquals(1, Leb128.readUnsigned(new ByteReader(Blob.fromHex("8100"))));
    }

    @Test
    void leb128RoundTripsNumbersOfEverySize() throws MalformedException {
        Prng prng = Prng.fromProperty();
        for (int i = 0; i < 5000; i++) {
            BigInteger value = new BigInteger(prng.bytes(1 + prng.below(30)));
            assertEquals(value, Leb128.readSigned(new ByteReader(Leb128.signed(value)), 40));
            assertEquals(
                    value.abs(),
                    Leb128.readUnsigned(new ByteReader(Leb128.unsigned(value.abs())), 40));
            long bits = prng.bits() >> prng.below(64);
            assertEquals(bits, Leb128.readUnsigned(new ByteReader(Leb128.unsigned(bits))));
            assertEquals(bits, Leb128.readSigned(new ByteReader(Leb128.signed(bits))));
        }
    }

    private interface Attempt {
        void run() throws MalformedException;
    }

    private static void refused(Attempt attempt) {
        assertThrows(MalformedException.class, attempt::run);
    }
}
