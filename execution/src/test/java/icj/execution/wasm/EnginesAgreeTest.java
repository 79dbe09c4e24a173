package icj.execution.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.execution.wasm.engine.ChicoryRuntime;
import icj.execution.wasm.engine.RuntimeSettings;
import icj.execution.wasm.engine.RuntimeSettings.Engine;
import icj.testing.Prng;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Arrays;
import java.util.TreeMap;

/// Interpreter and compiler give the same results, counts of instructions and traps, whether
/// instances are kept or not.
final class EnginesAgreeTest {
    private static final int MODULES = 80;
    private static final int MESSAGES = 4;

    private static final ChicoryRuntime COMPILER = TestCanister.runtime(Engine.COMPILED);
    private static final ChicoryRuntime INTERPRETER = TestCanister.runtime(Engine.INTERPRETED);

    @AfterAll
    static void close() {
        COMPILER.close();
        INTERPRETER.close();
    }

    /// What one message did, all that must agree.
    private static String outcome(TestCanister canister, MessageResult result) {
        return result.trap()
                + " "
                + result.instructions()
                + " "
                + result.dirtyPages()
                + " "
                + Arrays.hashCode(canister.host.reply)
                + " "
                + result.after().heap().root(result.after().heapPages())
                + " "
                + result.after().globals();
    }

    @Test
    void onGeneratedModules() throws Exception {
        TreeMap<String, Integer> endings = new TreeMap<>();
        TestCanister.onLane(() -> {
            for (long seed = 1; seed <= MODULES; seed++) {
                compare(seed, endings);
            }
            return null;
        });
        // A generator whose modules all trap at once would show nothing.
        int good = endings.getOrDefault("done", 0);
        assertTrue(good > MODULES * MESSAGES / 5, endings.toString());
        assertTrue(endings.size() > 4, endings.toString());
    }

    private static void compare(long seed, TreeMap<String, Integer> endings)
            throws InvalidModuleException {
        byte[] wasm = RandomModule.of(seed);
        TestCanister compiled = new TestCanister(COMPILER, wasm, seed);
        TestCanister interpreted = new TestCanister(INTERPRETER, wasm, seed);
        compiled.instructionLimit = 400_000;
        interpreted.instructionLimit = 400_000;
        assertEquals(
                outcome(interpreted, interpreted.install()), outcome(compiled, compiled.install()));
        for (int i = 0; i < MESSAGES; i++) {
            MessageResult expected = interpreted.update("canister_update run");
            MessageResult result = compiled.update("canister_update run");
            assertEquals(
                    outcome(interpreted, expected),
                    outcome(compiled, result),
                    "seed " + seed + " message " + i);
            Trap trap = result.trap();
            endings.merge(trap == null ? "done" : trap.message(), 1, Integer::sum);
        }
    }

    @Test
    void whateverIsEvicted() throws Exception {
        TestCanister.onLane(() -> {
            Prng random = Prng.of(7);
            ChicoryRuntime small = runtime(1);
            ChicoryRuntime none = runtime(0);
            for (long seed = 1; seed <= 20; seed++) {
                byte[] wasm = RandomModule.of(seed);
                TestCanister[] canisters = {
                    new TestCanister(COMPILER, wasm, 1000 + seed),
                    new TestCanister(small, wasm, 1000 + seed),
                    new TestCanister(none, wasm, 1000 + seed)
                };
                for (int message = 0; message < 6; message++) {
                    boolean keep = random.chance(0.7);
                    if (random.chance(0.3)) {
                        small.evictAll();
                    }
                    String first = null;
                    for (TestCanister canister : canisters) {
                        canister.instructionLimit = 400_000;
                        MessageResult result =
                                canister.run(
                                        message == 0 ? Instantiation.FRESH : Instantiation.NONE,
                                        new EntryPoint.Export("canister_update run"),
                                        keep);
                        String now = outcome(canister, result);
                        first = first == null ? now : first;
                        assertEquals(first, now, "seed " + seed);
                    }
                    if (message == 0 && canisters[0].state().globals().isEmpty()) {
                        // The first message was thrown away or trapped: install.
                        for (TestCanister canister : canisters) {
                            canister.install();
                        }
                    }
                }
            }
            small.close();
            none.close();
            return null;
        });
    }

    private static ChicoryRuntime runtime(int instances) throws IOException {
        return new ChicoryRuntime(
                RuntimeSettings.inProcess(Engine.COMPILED).withInstancesMax(instances));
    }

    @Test
    void onMotoko() throws Exception {
        TestCanister.onLane(() -> {
            for (String version : new String[] {"4.10.0", "3.9.7"}) {
                byte[] wasm = TestCanister.resource("/motoko/counter-" + version + ".wasm.gz");
                TestCanister compiled = new TestCanister(COMPILER, wasm, 5000);
                TestCanister interpreted = new TestCanister(INTERPRETER, wasm, 5000);
                assertEquals(
                        outcome(interpreted, interpreted.install()),
                        outcome(compiled, compiled.install()));
                for (String method : new String[] {"update inc", "update boom", "update fill"}) {
                    assertEquals(
                            outcome(interpreted, interpreted.update("canister_" + method)),
                            outcome(compiled, compiled.update("canister_" + method)),
                            version + " " + method);
                }
                assertEquals(
                        outcome(interpreted, interpreted.query("canister_query root")),
                        outcome(compiled, compiled.query("canister_query root")));
            }
            return null;
        });
    }
}
