package icj.execution.wasm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.execution.wasm.engine.ChicoryRuntime;
import icj.execution.wasm.engine.RuntimeSettings.Engine;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Both lines of the Motoko compiler: 4.10 with 64-bit memory and table, 3.9 with 32-bit ones.
final class MotokoTest {
    private static final ChicoryRuntime RUNTIME = TestCanister.runtime(Engine.COMPILED);

    @AfterAll
    static void close() {
        RUNTIME.close();
    }

    private static TestCanister install(String version) throws Exception {
        TestCanister canister =
                new TestCanister(
                        RUNTIME, TestCanister.resource("/motoko/counter-" + version + ".wasm.gz"));
        assertNull(canister.install().trap());
        return canister;
    }

    private static byte[] nat(int value) {
        return new byte[] {'D', 'I', 'D', 'L', 0, 1, 0x7d, (byte) value};
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.10.0", "3.9.7"})
    void countsUpAndAnswersQueries(String version) throws Exception {
        TestCanister.onLane(() -> {
            TestCanister canister = install(version);
            for (int i = 1; i <= 5; i++) {
                MessageResult result = canister.update("canister_update inc");
                assertNull(result.trap());
                assertArrayEquals(nat(i), canister.host.reply);
                MessageResult query = canister.query("canister_query get");
                assertNull(query.trap());
                assertArrayEquals(nat(i), canister.host.reply);
            }
            return null;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.10.0", "3.9.7"})
    void forgetsWhatATrappedMessageWrote(String version) throws Exception {
        TestCanister.onLane(() -> {
            TestCanister canister = install(version);
            canister.update("canister_update inc");
            WasmState before = canister.state();
            MessageResult result = canister.update("canister_update boom");
            assertNotNull(result.trap());
            assertEquals("IC0503", result.trap().errorCode());
            assertTrue(result.instructions() > 0);
            assertEquals(before, canister.state());
            canister.update("canister_update inc");
            assertArrayEquals(nat(2), canister.host.reply);
            return null;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.10.0", "3.9.7"})
    void growsItsHeap(String version) throws Exception {
        TestCanister.onLane(() -> {
            TestCanister canister = install(version);
            MessageResult result = canister.update("canister_update fill");
            assertNull(result.trap());
            assertTrue(result.dirtyPages() > 150);
            canister.update("canister_update inc");
            assertArrayEquals(nat(1), canister.host.reply);
            return null;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.10.0", "3.9.7"})
    void sectionsAndMethodsAreSeen(String version) throws Exception {
        TestCanister.onLane(() -> {
            TestCanister canister = install(version);
            CanisterModule module = canister.module();
            assertEquals(version.startsWith("4"), module.memory64());
            assertEquals(MethodKind.UPDATE, module.method("inc"));
            assertEquals(MethodKind.QUERY, module.method("get"));
            assertNull(module.method("nothing"));
            assertTrue(module.has(SystemMethod.INIT));
            assertNotNull(module.customSection("candid:service"));
            assertEquals(
                    version.startsWith("4"),
                    module.customSection("enhanced-orthogonal-persistence") != null);
            assertTrue(module.instructionCount() > 10_000);
            return null;
        });
    }
}
