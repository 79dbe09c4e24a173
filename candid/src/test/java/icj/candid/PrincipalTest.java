package icj.candid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.testing.Prng;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HexFormat;

final class PrincipalTest {
    @ParameterizedTest
    @CsvSource({
        "'', aaaaa-aa",
        "04, 2vxsx-fae",
        "abcd01, em77e-bvlzu-aq",
        "00000000000000000101, rwlgt-iiaaa-aaaaa-aaaaa-cai",
        "00000000000000010101, rrkah-fqaaa-aaaaa-aaaaq-cai",
        "00000000000000020101, ryjl3-tyaaa-aaaaa-aaaba-cai",
        "00000000000fffff0101, n5n4y-3aaaa-aaaaa-p777q-cai",
        "80000000001000010101, bkyz2-fmaaa-aaaaa-qaaaq-cai",
    })
    void hasTheTextOfTheSpecification(String hex, String text) {
        Principal principal = Principal.of(HexFormat.of().parseHex(hex));
        assertEquals(text, principal.toString());
        assertEquals(principal, Principal.fromText(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "aaaaaaa",
                "AAAAA-AA",
                "aaaaa-ab",
                "aaaaa--aa",
                "aaaaa-aa-",
                "2vxsxfae",
                "2vxs-xfae",
                "em77e-bvlzu-ar",
                "rwlgt-iiaaa-aaaaa-aaaaa-ca",
                "aaaa1-aa",
            })
    void refusesOtherSpellings(String text) {
        assertThrows(IllegalArgumentException.class, () -> Principal.fromText(text));
    }

    @Test
    void everyPrincipalSurvivesItsText() {
        Prng prng = Prng.fromProperty();
        for (int i = 0; i < 2000; i++) {
            Principal principal = Principal.of(prng.bytes(prng.below(30)));
            assertEquals(principal, Principal.fromText(principal.toString()));
        }
        assertThrows(IllegalArgumentException.class, () -> Principal.of(new byte[30]));
    }

    @Test
    void knowsItsClass() {
        byte[] key = new byte[29];
        key[28] = 2;
        assertTrue(Principal.of(key).isSelfAuthenticating());
        assertTrue(Principal.ANONYMOUS.isAnonymous());
        assertTrue(Principal.MANAGEMENT.isManagement());
    }
}
