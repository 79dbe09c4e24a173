package icj.execution.wasm;

import icj.execution.wasm.engine.ChicoryRuntime;
import icj.execution.wasm.engine.RuntimeSettings.Engine;

import java.lang.management.ManagementFactory;

/// Prints what one message costs, by hand: thread CPU time, best of several runs. Run its `main`
/// with the class path of the tests and `-XX:-DontCompileHugeMethods`.
public final class RuntimeBench {
    private RuntimeBench() {}

    /// No arguments.
    public static void main(String[] arguments) throws Exception {
        TestCanister.onLane(() -> {
            for (String version : new String[] {"3.9.7", "4.10.0"}) {
                motoko(version);
            }
            return null;
        });
        System.exit(0);
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void motoko(String version) throws Exception {
        byte[] wasm = TestCanister.resource("/motoko/counter-" + version + ".wasm.gz");
        ChicoryRuntime runtime = TestCanister.runtime(Engine.COMPILED);
        long start = System.nanoTime();
        TestCanister canister = new TestCanister(runtime, wasm);
        System.out.printf("%s load cold %.0f ms%n", version, (System.nanoTime() - start) / 1e6);
        start = System.nanoTime();
        MessageResult installed = canister.install();
        System.out.printf(
                "%s install %.1f ms, %d instructions, %d dirty pages, heap %d pages, %d globals%n",
                version,
                (System.nanoTime() - start) / 1e6,
                installed.instructions(),
                installed.dirtyPages(),
                canister.state().heapPages(),
                canister.state().globals().size());
        start = System.nanoTime();
        MessageResult first = canister.update("canister_update inc");
        System.out.printf(
                "%s first update %.2f ms, %d instructions, %d dirty pages%n",
                version,
                (System.nanoTime() - start) / 1e6,
                first.instructions(),
                first.dirtyPages());
        measure(version + " update inc", () -> canister.update("canister_update inc"));
        measure(
                version + " update inc + root",
                () -> {
                    canister.update("canister_update inc");
                    canister.state().heap().root(canister.state().heapPages());
                });
        measure(version + " query get", () -> canister.query("canister_query get"));
        measure(version + " trap", () -> canister.update("canister_update boom"));
        measure(
                version + " update, evicted instance",
                () -> {
                    runtime.evictInstances();
                    canister.update("canister_update inc");
                });
        runtime.close();
    }

    private static void measure(String name, Work work) throws Exception {
        long best = Long.MAX_VALUE;
        int repeat = 200;
        for (int round = 0; round < 60; round++) {
            long before = cpu();
            for (int i = 0; i < repeat; i++) {
                work.run();
            }
            best = Math.min(best, (cpu() - before) / repeat);
        }
        System.out.printf("%-40s %8.2f us%n", name, best / 1e3);
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
