package icj.execution.wasm.engine;

import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.Parser;

import icj.execution.wasm.CanisterModule;
import icj.execution.wasm.InvalidModuleException;
import icj.execution.wasm.SystemMethod;
import icj.execution.wasm.binary.DecodedModule;
import icj.execution.wasm.binary.ModuleDecoder;
import icj.execution.wasm.binary.ModuleRewriter;
import icj.execution.wasm.binary.ModuleWork;
import icj.execution.wasm.binary.RewrittenModule;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.Invariant;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HexFormat;

/// From uploaded bytes to a module that can be instantiated: unpack, decode, check, rewrite,
/// compile or find in the class cache.
final class ModuleLoader {
    /// A loaded module with what execution knows of it, not bound to its bytes.
    record Loaded(CanisterModule module, EngineModule engine) {}

    private final RuntimeSettings settings;
    private final @Nullable ClassCache cache;

    ModuleLoader(RuntimeSettings settings) throws IOException {
        this.settings = settings;
        Path directory = settings.classCache();
        this.cache = directory == null ? null : new ClassCache(directory);
    }

    static Digest hash(Blob wasm) {
        return Digest.owning(CompiledModule.sha256(wasm.shared(), wasm.length()));
    }

    /// @return null when the effort was not enough
    @Nullable Loaded load(Blob wasm, Digest hash, Effort effort) throws InvalidModuleException {
        long work = ModuleWork.unpacking(wasm.length());
        try {
            byte[] binary = Unpacking.unpack(wasm);
            work = ModuleWork.reading((long) wasm.length() + binary.length);
            DecodedModule decoded = ModuleDecoder.decode(binary);
            work += ModuleWork.compiling(codeBytes(decoded));
            return settings.engine() == RuntimeSettings.Engine.INTERPRETED
                    ? interpreted(hash, wasm.length(), decoded)
                    : compiled(hash, wasm.length(), decoded, effort);
        } catch (InvalidModuleException e) {
            throw e.after(work);
        }
    }

    private static long codeBytes(DecodedModule decoded) {
        long bytes = 0;
        for (int i = 0; i < decoded.bodies().length; i += 2) {
            bytes += decoded.bodies()[i + 1] - decoded.bodies()[i];
        }
        return bytes;
    }

    private static Loaded interpreted(Digest hash, int size, DecodedModule decoded)
            throws InvalidModuleException {
        RewrittenModule rewritten = ModuleRewriter.rewrite(decoded);
        try {
            EngineModule engine =
                    new EngineModule(
                            hash,
                            decoded,
                            Parser.parse(rewritten.binary()),
                            null,
                            rewritten.addedImports(),
                            rewritten.freshTables(),
                            rewritten.binary().length);
            return new Loaded(describe(hash, size, decoded, rewritten.instructions()), engine);
        } catch (ChicoryException e) {
            throw new InvalidModuleException("The engine refuses the module: " + e.getMessage());
        }
    }

    private @Nullable Loaded compiled(Digest hash, int size, DecodedModule decoded, Effort effort)
            throws InvalidModuleException {
        CompiledModule compiled;
        try {
            compiled =
                    cache == null ? compile(decoded, effort) : cached(cache, hash, decoded, effort);
        } catch (IOException e) {
            throw Traps.violation("The class cache can't be used: " + e.getMessage(), e);
        }
        if (compiled == null) {
            return null;
        }
        String refusal = compiled.refusal();
        if (refusal != null) {
            throw new InvalidModuleException(name(refusal, compiled, decoded));
        }
        EngineModule engine =
                new EngineModule(
                        hash,
                        decoded,
                        Parser.builder().withValidation(false).build().parse(compiled::shellStream),
                        EngineClassLoader.machines(compiled),
                        compiled.addedImports(),
                        compiled.freshTables(),
                        compiled.codeBytes());
        return new Loaded(describe(hash, size, decoded, compiled.instructions()), engine);
    }

    private @Nullable CompiledModule cached(
            ClassCache from, Digest hash, DecodedModule decoded, Effort effort)
            throws IOException, InvalidModuleException {
        String key = key(hash);
        CompiledModule known = from.read(key);
        if (known != null) {
            return known;
        }
        try (ClassCache.Lock lock = from.lock(key)) {
            Invariant.check(lock.held().isValid(), "A lock just taken is held");
            known = from.read(key);
            if (known != null) {
                return known;
            }
            CompiledModule compiled = compile(decoded, effort);
            if (compiled != null) {
                from.write(key, compiled);
            }
            return compiled;
        }
    }

    private @Nullable CompiledModule compile(DecodedModule decoded, Effort effort)
            throws IOException, InvalidModuleException {
        RewrittenModule rewritten = ModuleRewriter.rewrite(decoded);
        if (!settings.compilerProcess()) {
            return ModuleCompiler.compile(rewritten);
        }
        Path work = cache == null ? Files.createTempDirectory("icj-compile") : cache.directory();
        return CompilerProcess.compile(rewritten, work, settings.compilerHeapMegabytes(), effort);
    }

    /// R-E9: the key of the class cache.
    private static String key(Digest hash) {
        byte[] text =
                (hash + " " + ModuleCompiler.PIPELINE + " " + ModuleCompiler.ENGINE)
                        .getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(CompiledModule.sha256(text, text.length));
    }

    /// Puts the original function's index and name in place of `#n#`.
    private static String name(String refusal, CompiledModule compiled, DecodedModule decoded) {
        int from = refusal.indexOf('#');
        int to = refusal.indexOf('#', from + 1);
        if (from < 0 || to < 0) {
            return capital(refusal);
        }
        int index = Integer.parseInt(refusal.substring(from + 1, to)) - compiled.addedImports();
        return capital(
                refusal.substring(0, from) + decoded.describe(index) + refusal.substring(to + 1));
    }

    private static String capital(String sentence) {
        return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }

    private static CanisterModule describe(
            Digest hash, int size, DecodedModule decoded, long instructions) {
        EnumSet<SystemMethod> system = EnumSet.noneOf(SystemMethod.class);
        system.addAll(decoded.systemMethods());
        DecodedModule.MemoryType memory = decoded.memory();
        return new CanisterModule(
                hash,
                size,
                decoded.bytes().length,
                CanisterModule.UNBOUND,
                decoded.memory64(),
                decoded.methods(),
                system,
                decoded.customSections(),
                instructions,
                memory == null ? 0 : memory.min());
    }
}
