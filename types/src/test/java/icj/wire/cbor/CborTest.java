package icj.wire.cbor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.testing.Prng;
import icj.types.Blob;
import icj.wire.MalformedException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

final class CborTest {
    private static final CborLimits LIMITS = new CborLimits(100_000, 20, 10_000);

    @ParameterizedTest
    @CsvSource({
        "00, 00",
        "1864, 1864",
        "1bffffffffffffffff, 1bffffffffffffffff",
        "d9d9f700, 00",
        "d9d9f7a161610, ''",
        "a1616101, a1616101",
        "bf616101ff, a1616101",
        "d9d9f7bf616101ff, a1616101",
        "9f0102ff, 820102",
        "c249010000000000000000, c249010000000000000000",
        "c24101, 01",
        "1801, 01",
        "a0, a0",
        "80, 80",
        "f4, f4",
        "f5, f5",
        "f6, f6",
        "40, 40",
        "60, 60",
        "62c3bc, 62c3bc",
        "64f09f9880, 64f09f9880",
        "5b0000000000000001aa, 41aa",
        "bf6161bf6162f6ffff, a16161a16162f6",
    })
    void readsInAnyFormAndWritesTheShortest(String bytes, String again) throws Exception {
        if (bytes.length() % 2 == 1) {
            return;
        }
        CborValue value = Cbor.decode(Blob.fromHex(bytes), LIMITS);
        assertEquals(Blob.fromHex(again), Cbor.encode(value));
    }

    @ParameterizedTest
    @CsvSource({
        "'', empty",
        "0000, Bytes follow",
        "a000, Bytes follow",
        "20, negative",
        "3903e8, negative",
        "c34101, tag 3",
        "c0613a, tag 0",
        "c101, tag 1",
        "d81843010203, tag 24",
        "d9010081, tag",
        "d901008261616161, tag",
        "81d9d9f700, tag 55799",
        "d9d9f7d9d9f700, tag 55799",
        "f7, simple",
        "f0, simple",
        "f820, simple",
        "f90000, float",
        "fa00000000, float",
        "fb0000000000000000, float",
        "a10102, key",
        "a1410102, key",
        "a120f6, key",
        "a1f602, key",
        "a18002, malformed",
        "a26161016161f6, twice",
        "bf61610161610fff, twice",
        "5f41aaff, chunks",
        "7f6161ff, chunks",
        "a17f6161ff01, chunks",
        "61ff, UTF-8",
        "62c080, UTF-8",
        "63eda080, UTF-8",
        "64f4908080, UTF-8",
        "61c3, UTF-8",
        "a161ff00, UTF-8",
        "1c, malformed",
        "5c, malformed",
        "ff, malformed",
        "82ff, malformed",
        "bf6161ff, malformed",
        "18, early",
        "41, early",
        "5bffffffffffffffff, early",
        "5a7fffffff00, early",
        "7a7fffffff00, early",
        "9b7fffffffffffffff, malformed",
        "bb7fffffffffffffff, malformed",
        "8200, malformed",
        "a16161, malformed",
        "9f00, malformed",
        "bf, malformed",
        "c25841ffffffff, early",
        "c201, malformed",
    })
    void refusesWhatIsNotOurs(String bytes, String sentence) {
        MalformedException e =
                assertThrows(
                        MalformedException.class, () -> Cbor.decode(Blob.fromHex(bytes), LIMITS));
        assertTrue(e.getMessage().length() < 200, e.getMessage());
        if (!sentence.equals("malformed") && !sentence.equals("early") && !sentence.equals("tag")) {
            String said = e.getMessage();
            assertTrue(
                    said.contains(sentence) || said.contains("The CBOR is malformed"),
                    bytes + ": " + said);
        }
    }

    @Test
    void boundsLengthDepthAndCount() {
        refuses(new byte[LIMITS.bytesMax() + 1], "100001 bytes, at most 100000");
        byte[] deep = new byte[21];
        java.util.Arrays.fill(deep, (byte) 0x81);
        refuses(deep, "nested deeper than 20");
        byte[] many = new byte[10_003];
        many[0] = (byte) 0x99;
        many[1] = 0x27;
        many[2] = 0x10;
        refuses(many, "more than 10000 values");
    }

    @Test
    void readsTheDeepestTreeOnASmallStack() throws Exception {
        byte[] deep = new byte[CborLimits.DEPTH_CEILING + 1];
        java.util.Arrays.fill(deep, (byte) 0x81);
        deep[deep.length - 1] = 0;
        List<Object> seen = new ArrayList<>();
        Thread thread =
                new Thread(
                        null,
                        () -> {
                            try {
                                seen.add(Cbor.decode(Blob.owning(deep), CborLimits.CERTIFICATE));
                            } catch (Throwable e) {
                                seen.add(e);
                            }
                        },
                        "small",
                        128 * 1024);
        thread.start();
        thread.join();
        assertEquals(Blob.owning(deep), Cbor.encode((CborValue) seen.get(0)));
    }

    @Test
    void decodesWhatItEncodes() throws Exception {
        Prng prng = Prng.fromProperty();
        for (int i = 0; i < 2000; i++) {
            CborValue value = any(prng, 4);
            assertEquals(value, Cbor.decode(Cbor.encode(value), LIMITS));
            assertEquals(value, Cbor.decode(Cbor.encodeTagged(value), LIMITS));
        }
    }

    @Test
    void damageEndsInAValueOrAMalformedException() {
        Prng prng = Prng.fromProperty();
        for (int i = 0; i < 5000; i++) {
            byte[] bytes = Cbor.encodeTagged(any(prng, 4)).toBytes();
            for (int k = prng.below(3); k >= 0; k--) {
                bytes[prng.below(bytes.length)] = (byte) prng.bits();
            }
            try {
                CborValue value = Cbor.decode(Blob.of(bytes), LIMITS);
                assertEquals(value, Cbor.decode(Cbor.encode(value), LIMITS));
            } catch (MalformedException e) {
                assertTrue(e.getMessage().length() > 5);
            }
        }
    }

    private static CborValue any(Prng prng, int depth) {
        return switch (prng.below(depth == 0 ? 5 : 7)) {
            case 0 -> new CborValue.Nat(new BigInteger(1, prng.bytes(prng.below(12))));
            case 1 -> new CborValue.Bytes(Blob.owning(prng.bytes(prng.below(300))));
            case 2 -> new CborValue.Text(text(prng));
            case 3 -> new CborValue.Bool(prng.chance(0.5));
            case 4 -> new CborValue.Null();
            case 5 -> {
                List<CborValue> list = new ArrayList<>();
                for (int i = prng.below(5); i > 0; i--) {
                    list.add(any(prng, depth - 1));
                }
                yield new CborValue.Array(list);
            }
            default -> {
                Map<String, CborValue> map = new LinkedHashMap<>();
                for (int i = prng.below(5); i > 0; i--) {
                    map.put(text(prng), any(prng, depth - 1));
                }
                yield new CborValue.Dictionary(map);
            }
        };
    }

    private static String text(Prng prng) {
        StringBuilder text = new StringBuilder();
        for (int i = prng.below(30); i > 0; i--) {
            text.appendCodePoint(
                    prng.pick(List.of((int) 'a', 0, 0xfc, 0x20ac, 0x1f600, prng.below(0xd800))));
        }
        return text.toString();
    }

    private static void refuses(byte[] bytes, String sentence) {
        MalformedException e =
                assertThrows(
                        MalformedException.class, () -> Cbor.decode(Blob.owning(bytes), LIMITS));
        assertTrue(e.getMessage().contains(sentence), e.getMessage());
    }
}
