package icj.execution.wasm.engine;

import icj.execution.wasm.binary.RewrittenModule;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// The compiler as a process of its own, so that compiling takes neither heap nor code cache of a
/// node (R-E9). Arguments: the file with the rewritten module, the file to write.
public final class CompilerMain {
    /// Compiling nested blocks recurses.
    private static final long STACK_BYTES = 512L << 20;

    private CompilerMain() {}

    /// Compiles one module and exits with 0 when the outcome, a refusal included, was written.
    public static void main(String[] arguments) throws Exception {
        Path in = Path.of(arguments[0]);
        Path out = Path.of(arguments[1]);
        int[] code = {1};
        Thread thread =
                new Thread(
                        null,
                        () -> {
                            try {
                                run(in, out);
                                code[0] = 0;
                            } catch (IOException e) {
                                System.err.println("icj compiler: " + e);
                            }
                        },
                        "compiler",
                        STACK_BYTES);
        thread.start();
        thread.join();
        System.exit(code[0]);
    }

    private static void run(Path in, Path out) throws IOException {
        CompiledModule compiled = ModuleCompiler.compile(readInput(in));
        Path half = out.resolveSibling(out.getFileName() + ".half");
        Files.write(half, compiled.encode());
        Files.move(half, out, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Writes what [#main] reads.
    static void writeInput(Path file, RewrittenModule module) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            out.writeInt(module.addedImports());
            out.writeLong(module.instructions());
            out.writeBoolean(module.freshTables());
            out.write(module.binary());
        }
    }

    private static RewrittenModule readInput(Path file) throws IOException {
        try (InputStream raw = Files.newInputStream(file);
                DataInputStream in = new DataInputStream(raw)) {
            int addedImports = in.readInt();
            long instructions = in.readLong();
            boolean freshTables = in.readBoolean();
            return new RewrittenModule(in.readAllBytes(), addedImports, instructions, freshTables);
        }
    }
}
