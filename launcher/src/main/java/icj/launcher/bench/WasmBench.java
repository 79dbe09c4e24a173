package icj.launcher.bench;

import icj.launcher.Failure;
import icj.launcher.Problem;
import icj.launcher.network.Locations;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `wasm`: processor time of canister code, metered and by way of a batch as in a node, and of the
/// same module in V8, unmetered, where Node.js is installed. Both must give the same replies.
final class WasmBench {
    static final List<String> KERNELS =
            List.of("sha256", "quicksort", "map", "matrix", "fibonacci", "indirect");

    private static final int ROUNDS = 9;
    private static final int HEAP_MEGABYTES = 512;

    private WasmBench() {}

    static Figures run(Locations locations, Cleanup cleanup, Notes notes) {
        Path module = PartsProcess.resource("kernels.wasm", cleanup);
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "wasm",
                                module.toString(),
                                locations.classCache().toString(),
                                Integer.toString(ROUNDS)));
        arguments.addAll(KERNELS);
        List<PartsProcess.Line> ours =
                PartsProcess.node(locations, HEAP_MEGABYTES, cleanup, arguments);
        Path node = program("node");
        List<PartsProcess.Line> theirs = List.of();
        if (node == null) {
            notes.say("There is no node in PATH: nothing is compared with V8");
        } else {
            List<String> command = new ArrayList<>();
            command.add(node.toString());
            command.add(PartsProcess.resource("kernels.mjs", cleanup).toString());
            command.add(module.toString());
            command.add(Integer.toString(ROUNDS));
            command.addAll(KERNELS);
            theirs = PartsProcess.run(command, cleanup);
        }
        return figures(ours, theirs);
    }

    /// @param theirs of V8; empty when there is none
    static Figures figures(List<PartsProcess.Line> ours, List<PartsProcess.Line> theirs) {
        Figures figures = new Figures();
        double logarithms = 0;
        for (int i = 0; i < KERNELS.size(); i++) {
            String kernel = KERNELS.get(i);
            PartsProcess.Line own = ours.get(i);
            figures.number(kernel + "_ms", own.nanos() / 1e6);
            if (theirs.isEmpty()) {
                figures.unknown(kernel + "_v8_ms").unknown(kernel + "_ratio");
                continue;
            }
            PartsProcess.Line other = theirs.get(i);
            if (!own.reply().equals(other.reply())) {
                throw new Failure(
                        Problem.BENCH_FAILED,
                        "The engines disagree on "
                                + kernel
                                + ": "
                                + own.reply()
                                + " here, "
                                + other.reply()
                                + " in V8",
                        "This is a defect of ic; please report it");
            }
            double ratio = own.nanos() / other.nanos();
            logarithms += Math.log(ratio);
            figures.number(kernel + "_v8_ms", other.nanos() / 1e6).number(kernel + "_ratio", ratio);
        }
        return theirs.isEmpty()
                ? figures.unknown("geomean_ratio_to_v8")
                : figures.number("geomean_ratio_to_v8", Math.exp(logarithms / KERNELS.size()));
    }

    private static @Nullable Path program(String name) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            Path file = Path.of(folder, name);
            if (!folder.isEmpty() && Files.isExecutable(file)) {
                return file;
            }
        }
        return null;
    }
}
