package icj.execution.wasm.engine;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.internal.ClassCollector;
import com.dylibso.chicory.compiler.internal.Compiler;
import com.dylibso.chicory.compiler.internal.Shaded;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;

import icj.execution.wasm.binary.ModuleRewriter;
import icj.execution.wasm.binary.ModuleShell;
import icj.execution.wasm.binary.RewrittenModule;
import icj.types.Invariant;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassTooLargeException;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.SimpleRemapper;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Turns a rewritten module into JVM classes with Chicory's compiler, our support class in place of
/// its own (R-E7). The same input gives the same classes on every machine.
final class ModuleCompiler {
    /// In the key of the class cache: changes with the rewriter, the support class and this file.
    static final String PIPELINE = "icj-wasm-4";

    /// In the key of the class cache.
    static final String ENGINE = "chicory-1.7.5";

    private ModuleCompiler() {}

    /// Compiles; what the engine can't compile comes back as a refusal, with `#n#` for the original
    /// index of a function. A refusal hangs on the module alone, as it is the call's result on
    /// every node: want of memory or stack is thrown instead. (The stack of [CompilerMain] holds 50
    /// KB for each of the blocks that may be nested.)
    static CompiledModule compile(RewrittenModule rewritten) {
        try {
            WasmModule module = Parser.parse(rewritten.binary());
            Classes classes = compile(module);
            String mainClass = classes.mainClassName();
            if (mainClass == null) {
                return CompiledModule.refused("the engine made no code of the module");
            }
            return new CompiledModule(
                    ModuleShell.of(rewritten.binary()),
                    mainClass,
                    classes.classBytes(),
                    rewritten.addedImports(),
                    rewritten.instructions(),
                    rewritten.freshTables(),
                    null);
        } catch (ChicoryException | MethodTooLargeException | ClassTooLargeException e) {
            return CompiledModule.refused(reason(e));
        } catch (Invariant.Violation e) {
            throw e;
        } catch (RuntimeException e) {
            // A defect of the engine that this module brings out, on each node the same: the texts
            // of such exceptions may differ between JVMs.
            return CompiledModule.refused(
                    "the engine can't compile the module (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static Classes compile(WasmModule module) {
        Compiler compiler =
                Compiler.builder(module)
                        .withInterpreterFallback(InterpreterFallback.FAIL)
                        .withClassCollectorFactory(Classes::new)
                        .build();
        return (Classes) compiler.compile().collector();
    }

    private static String reason(RuntimeException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof MethodTooLargeException large) {
                String name = large.getMethodName();
                if (name.startsWith("func_")) {
                    return String.format(
                            ModuleRewriter.TOO_LARGE, "#" + name.substring("func_".length()) + "#");
                }
                return "the module is too large for this replica (the engine's method "
                        + name
                        + " exceeds the JVM's limit)";
            }
            if (cause instanceof ClassTooLargeException) {
                return "the module is too large for this replica (a class exceeds the JVM's limit)";
            }
        }
        return "the engine refuses the module: " + e.getMessage();
    }

    /// Collects class files without defining them.
    private static final class Classes implements ClassCollector {
        private final Map<String, byte[]> files = new LinkedHashMap<>();
        private @Nullable String mainClass;

        @Override
        @SuppressWarnings("NullAway") // Asked for after the main class was put.
        public String mainClassName() {
            return mainClass;
        }

        @Override
        public void putMainClass(String className, byte[] bytes) {
            mainClass = className;
            put(className, bytes);
        }

        @Override
        public void put(String name, byte[] bytes) {
            files.put(name.replace('/', '.'), bytes);
        }

        @Override
        public void putAll(ClassCollector collector) {
            files.putAll(collector.classBytes());
        }

        @Override
        public Map<String, byte[]> classBytes() {
            return Collections.unmodifiableMap(files);
        }

        @Override
        public byte[] resolve(Class<?> type) {
            if (type != Shaded.class) {
                throw new IllegalArgumentException("The compiler copies one class only");
            }
            ClassWriter writer = new ClassWriter(0);
            String ours = Type.getInternalName(EngineSupport.class);
            String theirs = Type.getInternalName(Shaded.class);
            new ClassReader(bytes(EngineSupport.class))
                    .accept(
                            new ClassRemapper(
                                    writer, new SimpleRemapper(Opcodes.ASM9, ours, theirs)),
                            0);
            return writer.toByteArray();
        }

        private static byte[] bytes(Class<?> type) {
            String file = "/" + Type.getInternalName(type) + ".class";
            try (InputStream in = type.getResourceAsStream(file)) {
                if (in == null) {
                    throw new IOException(file + " is missing");
                }
                return in.readAllBytes();
            } catch (IOException e) {
                throw Traps.violation("Our own class files can be read", e);
            }
        }
    }
}
