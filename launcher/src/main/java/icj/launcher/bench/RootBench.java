package icj.launcher.bench;

import icj.launcher.network.Locations;

import java.nio.file.Path;
import java.util.List;

/// `root`: the time that a node needs for the root of its state when one page of a canister's
/// memory was written, with 1 GiB and with 1 MiB of pages in that memory. In one process with the
/// flags of a node, without network: there a gibibyte would be written four times over.
final class RootBench {
    private static final int ROUNDS = 500;
    private static final int MEBIBYTE_PAGES = 256;
    private static final int GIBIBYTE_PAGES = 262_144;

    /// Pages stay in memory here, since no store takes them.
    private static final int HEAP_MEGABYTES = 3_072;

    private RootBench() {}

    static Figures run(Locations locations, Cleanup cleanup) {
        Path module = PartsProcess.resource("pages.wasm", cleanup);
        return new Figures()
                .number("ms_1_gib", millis(locations, module, GIBIBYTE_PAGES, cleanup))
                .number("ms_1_mib", millis(locations, module, MEBIBYTE_PAGES, cleanup));
    }

    private static double millis(Locations locations, Path module, int pages, Cleanup cleanup) {
        List<String> arguments =
                List.of(
                        "root",
                        module.toString(),
                        locations.classCache().toString(),
                        Integer.toString(pages),
                        Integer.toString(ROUNDS));
        return PartsProcess.node(locations, HEAP_MEGABYTES, cleanup, arguments).getFirst().nanos()
                / 1e6;
    }
}
