package icj.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import icj.candid.Candid;
import icj.candid.CandidException;
import icj.types.Blob;
import icj.types.CanisterId;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;

/// Canisters that the Motoko compiler made, through their whole life.
final class MotokoTest {
    private static String number(Blob reply) throws CandidException {
        return Candid.decode(reply.toBytes()).values().getFirst().asNumber().toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"counter-3.9.7.wasm.gz", "counter-4.10.0.wasm.gz"})
    void aMotokoCounterLives(String name) throws IOException, CandidException {
        Blob wasm;
        try (InputStream in = MotokoTest.class.getResourceAsStream("/motoko/" + name)) {
            wasm = Blob.owning(in.readAllBytes());
        }
        TestSubnet subnet = new TestSubnet();
        CanisterId id = subnet.create("");
        Blob nothing = TestSubnet.candid("()");
        TestSubnet.replied(
                subnet.update(
                        TestSubnet.USER,
                        CanisterId.MANAGEMENT,
                        "install_code",
                        TestSubnet.installArgument(id, "install", wasm, nothing)));
        Blob first = TestSubnet.replied(subnet.update(TestSubnet.USER, id, "inc", nothing));
        assertEquals("1", number(first));
        TestSubnet.replied(subnet.update(TestSubnet.USER, id, "inc", nothing));
        QueryOutcome outcome = subnet.query(id, "get", nothing, null);
        assertEquals("2", number(assertInstanceOf(QueryOutcome.Replied.class, outcome).data()));
        String upgrade =
                name.contains("4.10")
                        ? "upgrade = opt record { wasm_memory_persistence = opt variant { keep } }"
                        : "upgrade = null";
        TestSubnet.replied(
                subnet.update(
                        TestSubnet.USER,
                        CanisterId.MANAGEMENT,
                        "install_code",
                        TestSubnet.installArgument(id, upgrade, wasm, nothing)));
        TestSubnet.replied(subnet.update(TestSubnet.USER, id, "inc", nothing));
        if (name.contains("4.10")) {
            assertEquals(
                    "IC0504",
                    TestSubnet.rejected(
                                    subnet.update(
                                            TestSubnet.USER,
                                            CanisterId.MANAGEMENT,
                                            "install_code",
                                            TestSubnet.installArgument(
                                                    id, "upgrade = null", wasm, nothing)))
                            .errorCode());
        }
        outcome = subnet.query(id, "get", nothing, null);
        assertEquals("3", number(assertInstanceOf(QueryOutcome.Replied.class, outcome).data()));
    }
}
