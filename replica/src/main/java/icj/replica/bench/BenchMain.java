package icj.replica.bench;

import icj.execution.wasm.WasmRuntime;
import icj.execution.wasm.engine.ChicoryRuntime;
import icj.execution.wasm.engine.RuntimeSettings;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Digest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// Not for people: `ic bench root` and `ic bench wasm` start it as a process with the flags of a
/// node.
///
/// - `root MODULE CACHE PAGES ROUNDS`: prints the median nanoseconds of a state's root after one of
///   so many touched pages was written.
/// - `wasm MODULE CACHE ROUNDS KERNEL...`: prints for each kernel its name, the median nanoseconds
///   of processor time of a call, and the reply in hexadecimal digits.
public final class BenchMain {
    /// Pages that one call touches: below what a message may write.
    private static final int TOUCHED_AT_ONCE = 4_096;

    private static final int ROOT_WARM_UP = 100;

    /// Until the JVM has compiled what a kernel consists of, and longer.
    private static final long WARM_UP_NANOS = 3_000_000_000L;

    private static final int WARM_UP_CALLS_MIN = 3;

    /// Far from the numbers of neighbours, so that each round writes a page of another part.
    private static final long STRIDE = 7_919;

    private BenchMain() {}

    /// Runs it, on a thread with the stack that canisters may need.
    public static void main(String[] arguments) throws InterruptedException {
        int[] code = {1};
        Thread execution =
                new Thread(
                        null,
                        () -> code[0] = run(List.of(arguments)),
                        "execution",
                        WasmRuntime.STACK_BYTES_MIN);
        execution.start();
        execution.join();
        // Threads of the runtime may still run.
        Runtime.getRuntime().halt(code[0]);
    }

    private static int run(List<String> arguments) {
        try {
            Blob module = Blob.owning(Files.readAllBytes(Path.of(arguments.get(1))));
            Path cache = Path.of(arguments.get(2));
            Files.createDirectories(cache);
            List<String> rest = arguments.subList(3, arguments.size());
            try (ChicoryRuntime runtime =
                    new ChicoryRuntime(RuntimeSettings.forNode(cache, cache))) {
                BareSubnet subnet = new BareSubnet(runtime);
                CanisterId canister = subnet.install(module);
                switch (arguments.getFirst()) {
                    case "root" -> root(subnet, canister, rest);
                    case "wasm" -> wasm(subnet, canister, rest);
                    default -> throw new IllegalArgumentException("root or wasm is wanted");
                }
            }
            return 0;
        } catch (IOException | RuntimeException e) {
            System.err.println(e);
            return 1;
        }
    }

    private static void root(BareSubnet subnet, CanisterId canister, List<String> arguments) {
        long pages = Long.parseLong(arguments.get(0));
        int rounds = Integer.parseInt(arguments.get(1));
        Digest before = subnet.state().root();
        for (long from = 0; from < pages; from += TOUCHED_AT_ONCE) {
            touch(subnet, canister, from, Math.min(TOUCHED_AT_ONCE, pages - from), 1);
            before = subnet.state().root();
        }
        long[] nanos = new long[rounds];
        for (int i = -ROOT_WARM_UP; i < rounds; i++) {
            touch(subnet, canister, (i + ROOT_WARM_UP) * STRIDE % pages, 1, i + ROOT_WARM_UP + 2L);
            long began = System.nanoTime();
            Digest root = subnet.state().root();
            long took = System.nanoTime() - began;
            if (root.equals(before)) {
                throw new IllegalStateException("A written page leaves the root as it was");
            }
            before = root;
            if (i >= 0) {
                nanos[i] = took;
            }
        }
        System.out.println("root " + median(nanos) + " -");
    }

    private static void touch(
            BareSubnet subnet, CanisterId canister, long from, long count, long value) {
        ByteBuffer argument = ByteBuffer.allocate(3 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        argument.putLong(from).putLong(count).putLong(value);
        Blob _ = subnet.call(canister, "touch", Blob.owning(argument.array()));
    }

    private static void wasm(BareSubnet subnet, CanisterId canister, List<String> arguments) {
        int rounds = Integer.parseInt(arguments.get(0));
        for (String kernel : arguments.subList(1, arguments.size())) {
            Blob reply = Blob.EMPTY;
            long began = System.nanoTime();
            for (int i = 0; ; i++) {
                reply = subnet.call(canister, kernel, Blob.EMPTY);
                if (i >= WARM_UP_CALLS_MIN && System.nanoTime() - began > WARM_UP_NANOS) {
                    break;
                }
            }
            long[] nanos = new long[rounds];
            for (int i = 0; i < rounds; i++) {
                long before = BareSubnet.cpuNanos();
                Blob again = subnet.call(canister, kernel, Blob.EMPTY);
                nanos[i] = BareSubnet.cpuNanos() - before;
                if (!again.equals(reply)) {
                    throw new IllegalStateException(kernel + " answers differently each time");
                }
            }
            System.out.println(
                    kernel + " " + median(nanos) + " " + HexFormat.of().formatHex(reply.shared()));
        }
    }

    private static long median(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[(nanos.length - 1) / 2];
    }
}
