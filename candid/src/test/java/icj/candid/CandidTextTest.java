package icj.candid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

final class CandidTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "()                       | ()",
                "( 1_000 , )              | (1000 : int)",
                "(0xFf_fF)                | (65535 : int)",
                "(-5, +5)                 | (-5 : int, 5 : int)",
                "(5 : nat, 5 : nat8)      | (5 : nat, 5 : nat8)",
                "(1.5, 1e3, -2.)          | (1.5 : float64, 1000.0 : float64, -2.0 : float64)",
                "(0x1.8p1, 1.5 : float32) | (3.0 : float64, 1.5 : float32)",
                "(nan, -inf, inf)         | (nan : float64, -inf : float64, inf : float64)",
                "(null, true, false)      | (null, true, false)",
                "(opt 1, opt opt null)    | (opt (1 : int), opt opt null)",
                "(\"a\\n\\22\\u{1_F600}\")| (\"a\\n\\\"\ud83d\ude00\")",
                "(blob \"a\\00\\ff\")     | (blob \"\\61\\00\\ff\")",
                "(blob \"a b\")           | (blob \"a b\")",
                "(vec {1 : nat8; 2 : nat8}) | (blob \"\\01\\02\")",
                "(vec {}, vec {1; 2;})    | (vec {}, vec { 1 : int; 2 : int })",
                "(record {})              | (record {})",
                "(record {1; \"x\"; 5 = true; false})"
                        + " | (record { 0 = 1 : int; 1 = \"x\"; 5 = true; 6 = false })",
                "(record { 1; 2 })        | (record { 1 : int; 2 : int })",
                "(record { a = 1; \"b c\" = 2 })| (record { a = 1 : int; \"b c\" = 2 : int })",
                "(variant { a }, variant { \"b\" = 1 }) | (variant { a }, variant { b = 1 : int })",
                "(principal \"aaaaa-aa\") | (principal \"aaaaa-aa\")",
                "(service \"2vxsx-fae\", func \"aaaaa-aa\".\"m x\")"
                        + " | (service \"2vxsx-fae\", func \"aaaaa-aa\".\"m x\")",
                "((1), (opt (2 : nat)))   | (1 : int, opt (2 : nat))",
                "(/* a /* b */ */ 1) // c | (1 : int)",
                "(1 : opt nat, {} : int)  | !value is expected",
                "(1 : opt nat)            | (opt (1 : nat))",
                "(null : reserved)        | (null : reserved)",
                "(\"x\" : nat)            | !nat is expected, this is text",
                "(300 : nat8)             | !does not fit nat8",
                "(-1 : nat)               | !below zero",
                "(1 : list)               | !not defined",
                "(1                       | !) is expected",
                "(1) 2                    | !ended before",
                "1                        | !( is expected",
                "(1__0)                   | !malformed",
                "(0x)                     | !malformed",
                "(1.5e)                   | !malformed",
                "(12ab)                   | !malformed",
                "(\"a)                    | !no end",
                "(\"\\q\")                | !escape",
                "(\"\\u{d800}\")          | !no character",
                "(\"\\ff\")               | !UTF-8",
                "(record { a = 1; a = 2 })| !comes twice",
                "(variant {})             | !a label",
                "(variant { a; b })       | !} is expected",
                "(principal \"x\")        | !not a principal",
                "(foo)                    | !value is expected",
                "(4294967296 = 1)         | !) is expected",
                "(record { 4294967296 = 1 }) | !32 bits",
                "(/* 1)                   | !comment has no end",
                "(#)                      | !no meaning",
            })
    void readsAndPrints(String text, String printed) throws CandidException {
        String source = text.strip();
        String expected = printed.strip();
        if (expected.startsWith("!")) {
            CandidException e = assertThrows(CandidException.class, () -> Candid.parse(source));
            assertTrue(e.getMessage().contains(expected.substring(1)), e.getMessage());
            assertTrue(e.getMessage().startsWith("Line 1"), e.getMessage());
            return;
        }
        List<CandidValue> values = Candid.parse(source);
        assertEquals(expected, Candid.print(values));
        assertEquals(values, Candid.parse(Candid.print(values)));
    }

    @Test
    void breaksLongValuesIntoLines() throws CandidException {
        String word = "x".repeat(30);
        String text =
                """
                (
                  record {
                    a = "%1$s";
                    b = vec {
                      "%1$s";
                      "%1$s";
                      "%1$s";
                    };
                  },
                )\
                """
                        .formatted(word);
        assertEquals(text, Candid.print(Candid.parse(text)));
    }

    @Test
    void nestingIsBounded() {
        String deep = "(" + "opt ".repeat(100_000) + "1)";
        CandidException e = assertThrows(CandidException.class, () -> Candid.parse(deep));
        assertTrue(e.getMessage().contains("deeper"), e.getMessage());
    }

    @Test
    void fitsLiteralsToTheTypesOfTheMethod() throws CandidException {
        CandidInterface canister =
                CandidInterface.parse(
                        """
                        type settings = record { controllers : opt vec principal; limit : opt nat };
                        service : {
                          set : (settings, mode : variant { on; off : nat8 }, note : opt text) -> ();
                          put : (blob, float64, vec record { text; int64 }) -> (nat) query;
                        }
                        """);
        assertEquals(
                List.of(
                        "record { controllers = null; limit = opt (5 : nat) }",
                        "variant { off = 7 : nat8 }",
                        "null"),
                fit(canister, "set", "(record { limit = 5 }, variant { off = 7 })"));
        assertEquals(
                List.of(
                        "blob \"\\01\\02\"",
                        "3.0 : float64",
                        "vec { record { \"a\"; -1 : int64 } }"),
                fit(canister, "put", "(vec {1; 2}, 3, vec { record { \"a\"; -1 } })"));
        refusesFit(canister, "set", "(record {})", "Argument 2: it is missing");
        refusesFit(canister, "set", "(record { limits = 5 }, variant { on })", "field limits");
        refusesFit(canister, "set", "(record {}, variant { up })", "case up");
        refusesFit(canister, "set", "(record {}, variant { on }, \"x\", 1)", "4 arguments");
        refusesFit(canister, "put", "(\"x\", 3, vec {})", "a vector is expected, this is text");
        refusesFit(canister, "get", "()", "it has: put, set");
    }

    private static List<String> fit(CandidInterface canister, String method, String text)
            throws CandidException {
        byte[] message = canister.encodeArguments(method, text);
        return Candid.decode(message, canister.method(method).arguments()).stream()
                .map(CandidValue::toString)
                .toList();
    }

    private static void refusesFit(
            CandidInterface canister, String method, String text, String sentence) {
        CandidException e =
                assertThrows(CandidException.class, () -> canister.encodeArguments(method, text));
        assertTrue(e.getMessage().contains(sentence), e.getMessage());
    }
}
