package icj.candid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

final class CandidInterfaceTest {
    @Test
    void readsAWholeFile() throws CandidException {
        CandidInterface read =
                CandidInterface.parse(
                        """
                        // A ledger.
                        type Account = record { owner : principal; subaccount : opt blob };
                        type Tree = variant { leaf; node : record { Tree; nat; Tree } };
                        type Callback = func (nat) -> (text) query;
                        type Pair = record { text; 7 : nat8; bool; "type" : null };
                        /* The service
                           /* itself. */ */
                        service ledger : (Account, limit : opt nat) -> {
                          balance : (account : Account) -> (nat) query;
                          transfer : (Account, nat) -> (variant { Ok : nat; Err : text });
                          "a name" : Callback;
                          log : (text) -> () oneway;
                          all : () -> (vec record { Account; nat }) composite_query;
                          tree : (Tree) -> (service { go : () -> () });
                        };
                        """);
        assertEquals(
                List.of("Account", "Tree", "Callback", "Pair"), List.copyOf(read.types().keySet()));
        assertEquals("Account", read.initArguments().get(0).toString());
        assertEquals("opt nat", read.initArguments().get(1).toString());
        assertEquals("func (Account) -> (nat) query", read.method("balance").toString());
        assertEquals("func (nat) -> (text) query", read.method("a name").toString());
        assertTrue(read.method("all").isQuery());
        assertFalse(read.method("log").isQuery());
        assertEquals(
                "record { 0 : text; 7 : nat8; 8 : bool; \"type\" : null; }",
                read.types().get("Pair").unfold().toString());
        assertEquals(6, read.service().methods().size());
    }

    @Test
    void readsFilesWithoutServiceOrWithANamedOne() throws CandidException {
        assertNull(CandidInterface.parse("").service());
        assertNull(CandidInterface.parse("type a = nat").service());
        assertEquals(
                1,
                CandidInterface.parse("type s = service { m : () -> () }; service : s")
                        .service()
                        .methods()
                        .size());
        assertEquals(
                List.of(CandidType.Primitive.TEXT),
                CandidInterface.parse("service : (text) -> {}").initArguments());
        assertThrows(CandidException.class, () -> CandidInterface.parse("").method("m"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "import \"a.did\";             | imports are not supported",
                "type a = b;                   | not defined",
                "type a = a;                   | nothing but itself",
                "type a = b; type b = a;       | nothing but itself",
                "type a = nat; type a = nat;   | defined twice",
                "type nat = text;              | a type of Candid itself",
                "type a = record { x : nat; x : nat }; | comes twice",
                "type a = variant { x; x };    | comes twice",
                "type a nat;                   | = is expected",
                "type a = nat type b = nat;    | ; is expected",
                "service : { m : () -> () ; m : () -> () } | comes twice",
                "type t = nat; service : { m : t } | no function",
                "type t = nat; service : t     | no service",
                "service : {} ; type a = nat;  | nothing may follow",
                "service : { m : () }          | -> is expected",
                "service : { m : (nat -> () }  | ) is expected",
                "service : { 5 : () -> () }    | name of a method",
                "banana                        | type or service",
                "type a = record { 4294967296 : nat }; | 32 bits",
            })
    void saysWhatIsWrong(String source, String sentence) {
        CandidException e =
                assertThrows(CandidException.class, () -> CandidInterface.parse(source));
        assertTrue(e.getMessage().contains(sentence.strip()), e.getMessage());
    }

    @Test
    void encodesRecursiveTypesOfAFile() throws CandidException {
        CandidInterface read =
                CandidInterface.parse(
                        """
                        type Tree = variant { leaf; node : record { left : Tree; right : Tree } };
                        service : { depth : (Tree) -> (nat) query }
                        """);
        String text =
                "(variant { node = record { left = variant { leaf }; right = variant { leaf } } })";
        byte[] message = read.encodeArguments("depth", text);
        assertEquals(Candid.parse(text), Candid.decode(message, read.method("depth").arguments()));
        assertEquals(
                2,
                Candid.decode(message).types().get(0).unfold() instanceof CandidType.Variant v
                        ? v.fields().size()
                        : 0);
    }

    @Test
    void comparesTypesAcrossRecursion() throws CandidException {
        CandidInterface read =
                CandidInterface.parse(
                        """
                        type A = opt record { head : nat; tail : A };
                        type B = opt C;
                        type C = record { head : int; tail : B };
                        type R1 = record { next : R1; value : nat };
                        type R2 = record { next : record { next : R2; value : int } };
                        type V = variant { a : nat };
                        type W = variant { a : int; b };
                        type F = func (int, opt text) -> (nat, text);
                        type G = func (nat) -> (int);
                        type S = service { f : F; g : G };
                        type T = service { f : G };
                        """);
        subtype(read, "A", "B", true);
        subtype(read, "R1", "R2", true);
        subtype(read, "R2", "R1", false);
        subtype(read, "C", "R2", false);
        subtype(read, "V", "W", true);
        subtype(read, "W", "V", false);
        subtype(read, "F", "G", true);
        subtype(read, "G", "F", false);
        subtype(read, "S", "T", true);
        subtype(read, "T", "S", false);
    }

    private static void subtype(CandidInterface read, String narrow, String wide, boolean holds)
            throws CandidException {
        assertEquals(
                holds,
                Candid.isSubtype(read.types().get(narrow), read.types().get(wide)),
                narrow + " <: " + wide);
    }
}
