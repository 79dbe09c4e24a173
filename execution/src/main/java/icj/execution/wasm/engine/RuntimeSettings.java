package icj.execution.wasm.engine;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/// How a [ChicoryRuntime] works; none of it shows in results.
///
/// @param classCache the directory of compiled modules, shared by the nodes of a host; null keeps
///   none (tests)
/// @param spillDirectory where messages that write to many pages put some of them (R-E8)
/// @param compilerProcess whether modules are compiled in a process of their own
/// @param compilerHeapMegabytes that process's heap
/// @param engine what runs the code
/// @param instancesMax instances kept between messages, those for queries included
/// @param pagesHeldMax pages of 4 KiB that kept instances hold together
/// @param codeBytesMax bytes of classes that are loaded together
public record RuntimeSettings(
        @Nullable Path classCache,
        Path spillDirectory,
        boolean compilerProcess,
        int compilerHeapMegabytes,
        Engine engine,
        int instancesMax,
        long pagesHeldMax,
        long codeBytesMax) {
    /// What runs the code.
    public enum Engine {
        /// Classes made of the module.
        COMPILED,
        /// Chicory's interpreter: slow, an oracle for tests below 2 GiB.
        INTERPRETED
    }

    /// R-E8: what a node of 250 MB can hold.
    public static RuntimeSettings forNode(Path classCache, Path spillDirectory) {
        return new RuntimeSettings(
                classCache, spillDirectory, true, 512, Engine.COMPILED, 64, 16_384, 48L << 20);
    }

    /// Everything in this process and nothing on disk.
    public static RuntimeSettings inProcess(Engine engine) {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        return new RuntimeSettings(null, temporary, false, 0, engine, 64, 16_384, 48L << 20);
    }

    /// The same, but for the number of instances kept.
    public RuntimeSettings withInstancesMax(int max) {
        return new RuntimeSettings(
                classCache,
                spillDirectory,
                compilerProcess,
                compilerHeapMegabytes,
                engine,
                max,
                pagesHeldMax,
                codeBytesMax);
    }
}
