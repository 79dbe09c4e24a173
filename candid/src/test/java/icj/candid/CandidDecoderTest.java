package icj.candid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

final class CandidDecoderTest {
    private static final String TYPES =
            """
            type list = opt record { head : int; tail : list };
            type endless = record { endless };
            type maze = opt maze;
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "00 00                    | ()               | ()",
                "80 00 00                 | ()               | ()",
                "00 01 7f                 | ()               | ()",
                "00 01 7d e5 8e 26        | (nat)            | (624485)",
                "00 01 7d 85 00           | (nat)            | (5)",
                "00 01 7d 07              | (int)            | (7)",
                "00 01 7c c0 bb 78        | (int)            | (-123456)",
                "00 01 78 ff ff ff ff ff ff ff ff | (nat64)  | (18446744073709551615)",
                "00 01 77 80              | (int8)           | (-128)",
                "00 01 73 00 00 c0 3f     | (float32)        | (1.5)",
                "00 01 72 00 00 00 00 00 00 f8 bf | (float64)| (-1.5)",
                "00 01 71 02 c3 bc        | (text)           | (`\\u{fc}`)",
                "00 01 68 01 00           | (principal)      | (principal `aaaaa-aa`)",
                "00 01 68 01 01 04        | (principal)      | (principal `2vxsx-fae`)",
                // What may be missing.
                "00 00                    | (null, opt nat)  | (null, null)",
                "00 00                    | (reserved)       | (null)",
                "01 6c 00 01 00           | (record {x: opt nat; y: null}) | (record {})",
                // Records: fields by label, others skipped.
                "01 6c 02 61 7d 62 71 01 00 05 01 78 | (record {a: nat; b: text})"
                        + " | (record {a = 5; b = `x`})",
                "01 6c 02 61 7d 62 71 01 00 05 01 78 | (record {b: text}) | (record {b = `x`})",
                "01 6c 02 00 7d 01 7e 01 00 05 01 | (record {nat; bool}) | (record {5; true})",
                // Vectors.
                "01 6d 7b 01 00 02 01 ff  | (blob)           | (blob `\\01\\ff`)",
                "01 6d 7b 01 00 02 01 ff  | (vec opt nat8)   | (vec {opt 1; opt 255})",
                "01 6d 7c 01 00 00        | (vec text)       | (vec {})",
                "01 6d 7f 01 00 e8 07     | (opt nat)        | (null)",
                // Variants by label, not index.
                "01 6b 02 61 7f 62 7d 01 00 01 05 | (variant {b: nat}) | (variant {b = 5})",
                "01 6b 02 61 7f 62 7d 01 00 01 05 | (opt variant {a}) | (null)",
                "01 6b 02 61 7f 62 7d 01 00 01 05 | (variant {a; b: opt text})"
                        + " | (variant {b = null})",
                // Options: what does not fit becomes null.
                "00 01 7d 05              | (opt nat)        | (opt 5)",
                "00 01 7d 05              | (opt text)       | (null)",
                "00 01 7d 05              | (opt opt nat)    | (opt opt 5)",
                "01 6e 7d 01 00 01 05     | (opt text)       | (null)",
                "01 6e 7d 01 00 01 05     | (opt opt text)   | (opt null)",
                "02 6e 01 6e 7d 01 00 01 01 05 | (opt opt text) | (opt null)",
                "02 6c 02 61 01 62 7e 6e 7d 01 00 01 05 01 | (record {a: opt text; b: bool})"
                        + " | (record {a = null; b = true})",
                "01 6e 7f 01 00 01        | (opt null)       | (opt null)",
                "01 6e 00 01 00 01 01 00  | (maze)           | (opt opt null)",
                // Recursion.
                "02 6e 01 6c 02 a0 d2 ac a8 04 7c 90 ed da e7 04 00 01 00 01 01 01 02 00"
                        + " | (list) | (opt record {head = 1; tail = opt record {head = 2}})",
                // References.
                "01 6a 01 7d 00 01 01 01 00 01 01 00 01 6d | (func (nat) -> () query)"
                        + " | (func `aaaaa-aa`.m)",
                "01 6a 01 7d 00 01 01 01 00 01 01 00 01 6d | (opt func (nat) -> ()) | (null)",
                "01 69 00 01 00 01 00     | (service {})     | (service `aaaaa-aa`)",
                "01 69 00 01 00 01 00     | (principal)      | (principal `aaaaa-aa`)",
                "01 69 00 01 00 01 00     | (opt service {m: () -> ()}) | (null)",
                // A future type, skipped.
                "01 67 02 aa bb 02 00 7d 03 00 01 02 03 05 | (reserved, nat) | (null, 5)",
            })
    void readsMessages(String hex, String types, String text) throws CandidException {
        List<CandidType> expected = types(types.strip());
        String source = text.strip().replace('`', '"');
        assertEquals(Candid.parse(source, expected), Candid.decode(message(hex), expected), text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "00 00 00                 | ()          | bytes follow",
                "00 01 7d                 | (nat)       | too early",
                "00 01 7d 80              | (nat)       | too early",
                "00 01 7e 02              | (bool)      | truth value",
                "00 01 7e 02              | ()          | truth value",
                "00 01 71 02 c3 28        | ()          | UTF-8",
                "00 01 71 05 61           | (text)      | longer than the rest",
                "00 01 68 00 00           | (principal) | opaque",
                "00 01 68 01 1e 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
                        + " 00 00 00 00 00 00 00 00 | (principal) | 30 bytes",
                "00 01 6e 7d 00           | (opt nat)   | no primitive",
                "00 01 6f                 | (empty)     | type empty",
                "00 01 6f                 | (opt nat)   | type empty",
                "01 7d 00                 | ()          | no composite",
                "01 00 00                 | ()          | no composite",
                "01 68 00                 | ()          | no composite",
                "01 6e 01 00              | ()          | not in the type table",
                "00 01 01                 | ()          | not in the type table",
                "01 6c 02 00 7d 00 7d 00  | ()          | not in order",
                "01 6c 02 01 7d 00 7d 00  | ()          | not in order",
                "01 6c 01 80 80 80 80 10 7d 00 | ()     | 32 bits",
                "01 6c ff ff ff ff 0f 7d 00 | ()        | longer than the rest",
                "ff ff ff ff 0f 00        | ()          | longer than the rest",
                "02 69 02 01 62 01 01 61 01 6a 00 00 00 00 | ()     | not in order",
                "01 69 01 01 61 7d 00     | ()          | no function",
                "01 6a 00 00 01 09 00     | ()          | annotation",
                "01 6b 01 61 7f 01 00 01  | (variant {a}) | no case",
                "01 6b 00 01 00 00        | ()          | no case",
                "01 6e 7d 01 00 02 05     | (opt nat)   | truth value",
                "01 6d 7e 01 00 80 94 eb dc 03 00 | (vec bool) | longer than the rest",
                "01 6d 7f 01 00 80 94 eb dc 03 | ()     | too many values",
                "01 6d 70 01 00 80 94 eb dc 03 | (vec reserved) | too many values",
                "01 6d 7f 01 00 80 94 eb dc 03 | (vec opt nat) | too many values",
                "02 6d 01 6c 00 01 00 80 ad e2 04 | (opt nat) | too many values",
                "01 6c 01 00 00 01 00     | (endless)   | deeper",
                "01 6c 01 00 00 01 00     | ()          | deeper",
                "00 01 7e 01              | (maze)      | deeper",
                "00 01 7d 05              | (text)      | text is expected",
                "00 01 7b 05              | (nat)       | nat is expected",
                "00 01 70                 | (null)      | null is expected",
                "00 00                    | (nat)       | missing",
                "01 6c 00 01 00           | (record {x: nat}) | field x: it is missing",
                "01 6b 01 61 7f 01 00 00  | (variant {b}) | not in the expected variant",
                "01 69 00 01 00 01 00     | (service {m: () -> ()}) | another type",
            })
    void refuses(String hex, String types, String sentence) throws CandidException {
        List<CandidType> expected = types(types.strip());
        CandidException e =
                assertThrows(CandidException.class, () -> Candid.decode(message(hex), expected));
        assertTrue(e.getMessage().contains(sentence), e.getMessage());
    }

    @Test
    void refusesBytesThatAreNoCandid() {
        for (byte[] bytes : List.of(new byte[0], new byte[4], "DIDM00".getBytes())) {
            assertThrows(CandidException.class, () -> Candid.decode(bytes, List.of()));
        }
    }

    @Test
    void typesThatDoubleAtEachStepAreBounded() throws CandidException {
        // Each of 30 records holds the one before twice: 2^30 values of no bytes.
        ByteArrayOutputStream table = new ByteArrayOutputStream();
        table.writeBytes("DIDL".getBytes());
        table.write(31);
        table.writeBytes(HexFormat.of().parseHex("6c00"));
        for (int i = 0; i < 30; i++) {
            table.writeBytes(new byte[] {0x6c, 2, 0, (byte) i, 1, (byte) i});
        }
        table.writeBytes(new byte[] {1, 30});
        for (String types : List.of("()", "(reserved)", "(opt nat)")) {
            List<CandidType> expected = types(types);
            CandidException e =
                    assertThrows(
                            CandidException.class,
                            () -> Candid.decode(table.toByteArray(), expected));
            assertTrue(e.getMessage().contains("too many values"), e.getMessage());
        }
    }

    @Test
    void theDeepestValueFitsAnOrdinaryStack() throws Exception {
        int depth = CandidLimits.DEFAULT.depthMax();
        CandidType list = types("(list)").get(0);
        byte[] head = HexFormat.of().parseHex("4449444c026e016c02a0d2aca8047c90eddae704000100");
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(head);
        for (int i = 0; i < depth / 2 - 1; i++) {
            message.writeBytes(new byte[] {1, 5});
        }
        message.write(0);
        List<Object> seen = new ArrayList<>();
        Thread thread =
                new Thread(
                        null,
                        () -> {
                            try {
                                List<CandidValue> values =
                                        Candid.decode(message.toByteArray(), List.of(list));
                                Candid.decode(message.toByteArray(), List.of());
                                byte[] again = Candid.encode(List.of(list), values);
                                seen.add(again.length);
                                seen.add(Candid.print(values).isEmpty());
                            } catch (Throwable e) {
                                seen.add(e);
                            }
                        },
                        "ordinary",
                        1024 * 1024);
        thread.start();
        thread.join();
        assertEquals(List.of(message.size(), false), seen);
    }

    @Test
    void namesThePlaceOfWhatDoesNotFit() throws CandidException {
        byte[] message =
                Candid.encode(Candid.parse("(1, record { a = vec { record { b = true } } })"));
        List<CandidType> expected = types("(int, record { a : vec record { b : text } })");
        CandidException e =
                assertThrows(CandidException.class, () -> Candid.decode(message, expected));
        assertEquals(
                "Argument 2, field a, element 0, field b: text is expected, this is bool",
                e.getMessage());
    }

    @Test
    void keepsTheNamesThatAreExpected() throws CandidException {
        byte[] message = Candid.encode(Candid.parse("(record { color = \"red\" })"));
        assertEquals(
                "record { color = \"red\" }",
                Candid.decode(message, types("(record { color : text })")).get(0).toString());
        assertEquals(
                "record { " + Integer.toUnsignedString(CandidLabel.hash("color")) + " = \"red\" }",
                Candid.decode(message).values().get(0).toString());
    }

    static List<CandidType> types(String tuple) throws CandidException {
        CandidType type =
                CandidInterface.parse(TYPES + "type f = func " + tuple + " -> ();")
                        .types()
                        .get("f");
        return ((CandidType.Func) type.unfold()).arguments();
    }

    private static byte[] message(String hex) {
        return HexFormat.of().parseHex("4449444c" + hex.replace(" ", "").strip());
    }
}
