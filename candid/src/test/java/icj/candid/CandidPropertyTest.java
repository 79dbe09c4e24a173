package icj.candid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.testing.Prng;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

final class CandidPropertyTest {
    private static final int RUNS = 3000;

    private final Prng prng = Prng.fromProperty();
    private final CandidGenerator generator = new CandidGenerator(prng);

    @Test
    void decodesWhatItEncodes() throws CandidException {
        for (int i = 0; i < RUNS; i++) {
            List<CandidType> types = generator.types(4);
            List<CandidValue> values = generator.values(types);
            byte[] message = Candid.encode(types, values);
            assertEquals(values, Candid.decode(message, types));
            CandidArguments untyped = Candid.decode(message);
            assertEquals(values, untyped.values());
            assertEquals(
                    values, Candid.decode(Candid.encode(untyped.types(), untyped.values()), types));
        }
    }

    @Test
    void skipsWhatNobodyExpects() throws CandidException {
        for (int i = 0; i < RUNS; i++) {
            List<CandidType> types = generator.types(4);
            byte[] message = Candid.encode(types, generator.values(types));
            assertEquals(List.of(), Candid.decode(message, List.of()));
            List<CandidType> reserved = new ArrayList<>();
            List<CandidType> impossible = new ArrayList<>();
            for (CandidType type : types) {
                reserved.add(CandidType.Primitive.RESERVED);
                impossible.add(new CandidType.Opt(CandidType.Primitive.EMPTY));
            }
            assertEquals(types.size(), Candid.decode(message, reserved).size());
            for (CandidValue value : Candid.decode(message, impossible)) {
                assertEquals(CandidValue.Opt.NONE, value);
            }
        }
    }

    @Test
    void everySubtypeDecodes() throws CandidException {
        int related = 0;
        for (int i = 0; i < 10 * RUNS; i++) {
            CandidType narrow = generator.type(2);
            CandidType wide = generator.type(2);
            assertTrue(Candid.isSubtype(narrow, narrow));
            if (Candid.isSubtype(narrow, wide)) {
                related++;
                CandidValue value = generator.value(narrow);
                byte[] message = Candid.encode(List.of(narrow), List.of(value));
                Candid.decode(message, List.of(wide));
            }
        }
        assertTrue(related > RUNS / 10, related + " related pairs");
    }

    @Test
    void damageEndsInValuesOrACandidException() {
        for (int i = 0; i < RUNS; i++) {
            List<CandidType> types = generator.types(4);
            byte[] message = Candid.encode(types, generator.values(types));
            for (int k = 1 + prng.below(3); k > 0; k--) {
                message[4 + prng.below(message.length - 4)] = (byte) prng.bits();
            }
            try {
                Candid.decode(message, prng.chance(0.5) ? types : generator.types(4));
                CandidArguments any = Candid.decode(message);
                assertEquals(any.types().size(), any.values().size());
            } catch (CandidException e) {
                assertTrue(e.getMessage().length() > 5);
            }
        }
    }

    @Test
    void readsTheTextThatItPrints() throws CandidException {
        for (int i = 0; i < RUNS; i++) {
            List<CandidType> types = generator.types(4);
            List<CandidValue> values = generator.values(types);
            String text = Candid.print(values);
            assertEquals(values, Candid.parse(text, types), text);
        }
    }

    @Test
    void typesFollowFromValues() throws CandidException {
        for (int i = 0; i < RUNS; i++) {
            CandidValue value = generator.value(generator.type(3));
            byte[] message;
            try {
                message = Candid.encode(List.of(value));
            } catch (IllegalArgumentException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("vector"), e.getMessage());
                continue;
            }
            assertEquals(1, Candid.decode(message, List.of(value.type())).size());
        }
    }

    @Test
    void printedTypesParseAgain() throws CandidException {
        for (int i = 0; i < RUNS; i++) {
            CandidType type = generator.type(4);
            String source =
                    "type list = opt record { head : int; tail : list }; type t = " + type + ";";
            CandidType again = CandidInterface.parse(source).types().get("t");
            assertTrue(Candid.isSubtype(type, again), source);
            assertTrue(Candid.isSubtype(again, type), source);
        }
    }
}
