package icj.execution.wasm.engine;

import icj.execution.wasm.CanisterModule;
import icj.execution.wasm.InvalidModuleException;
import icj.execution.wasm.MessageCall;
import icj.execution.wasm.MessageResult;
import icj.execution.wasm.ModuleBytes;
import icj.execution.wasm.Trap;
import icj.execution.wasm.WasmRuntime;
import icj.execution.wasm.engine.ModuleLoader.Loaded;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.Invariant;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs canisters on Chicory: compiled modules shared by hash and unloaded when there are too many,
/// instances kept between messages (R-E1, R-E8).
public final class ChicoryRuntime implements WasmRuntime {
    /// Refused modules whose sentence is remembered.
    private static final int REFUSALS_MAX = 256;

    private final RuntimeSettings settings;
    private final ModuleLoader loader;
    private final InstancePool pool;

    /// In the order of use, the least recent first; guarded by itself.
    private final LinkedHashMap<Digest, Loaded> loaded = new LinkedHashMap<>(16, 0.75f, true);

    /// Refused modules by hash, so that a bad module is not decoded again and again.
    private final LinkedHashMap<Digest, Refusal> refusals = new LinkedHashMap<>();

    private record Refusal(String sentence, long work) {}

    /// One lock for each module being loaded; guarded by `loaded`.
    private final LinkedHashMap<Digest, Object> loading = new LinkedHashMap<>();

    /// @throws IOException if the class cache's directory can't be used
    public ChicoryRuntime(RuntimeSettings settings) throws IOException {
        this.settings = settings;
        this.loader = new ModuleLoader(settings);
        this.pool = new InstancePool(settings.instancesMax(), settings.pagesHeldMax());
    }

    @Override
    public CanisterModule load(Blob wasm) throws InvalidModuleException {
        return needed(() -> wasm, ModuleLoader.hash(wasm)).module().readFrom(() -> wasm);
    }

    @Override
    public void prepare(Blob wasm) throws InvalidModuleException {
        loaded(() -> wasm, ModuleLoader.hash(wasm), Effort.AHEAD);
    }

    private Loaded needed(ModuleBytes wasm, Digest hash) throws InvalidModuleException {
        Loaded module = loaded(wasm, hash, Effort.NEEDED);
        if (module == null) {
            throw new Invariant.Violation("Module " + hash + " is neither compiled nor refused");
        }
        return module;
    }

    private @Nullable Loaded loaded(ModuleBytes wasm, Digest hash, Effort effort)
            throws InvalidModuleException {
        Loaded known = known(hash);
        if (known != null) {
            return known;
        }
        Object lock;
        synchronized (loaded) {
            lock = loading.computeIfAbsent(hash, ignored -> new Object());
        }
        // Two canisters with the same module wait for one compilation.
        synchronized (lock) {
            try {
                known = known(hash);
                if (known != null) {
                    return known;
                }
                Loaded fresh = loader.load(wasm.read(), hash, effort);
                if (fresh == null) {
                    return null;
                }
                synchronized (loaded) {
                    loaded.put(hash, fresh);
                    unload(hash);
                }
                return fresh;
            } catch (InvalidModuleException e) {
                synchronized (loaded) {
                    refusals.put(hash, new Refusal(String.valueOf(e.getMessage()), e.work()));
                    if (refusals.size() > REFUSALS_MAX) {
                        refusals.remove(refusals.firstEntry().getKey());
                    }
                }
                throw e;
            } finally {
                synchronized (loaded) {
                    loading.remove(hash);
                }
            }
        }
    }

    private @Nullable Loaded known(Digest hash) throws InvalidModuleException {
        synchronized (loaded) {
            Refusal refusal = refusals.get(hash);
            if (refusal != null) {
                throw new InvalidModuleException(refusal.sentence(), refusal.work());
            }
            return loaded.get(hash);
        }
    }

    /// Keeps the loaded classes within their budget; the JVM unloads those of a module when its
    /// last instance is gone.
    private void unload(Digest newest) {
        long total = 0;
        for (Loaded module : loaded.values()) {
            total += module.engine().codeBytes();
        }
        Iterator<Map.Entry<Digest, Loaded>> oldest = loaded.entrySet().iterator();
        while (total > settings.codeBytesMax() && oldest.hasNext()) {
            Map.Entry<Digest, Loaded> entry = oldest.next();
            if (!entry.getKey().equals(newest)) {
                total -= entry.getValue().engine().codeBytes();
                oldest.remove();
                pool.forget(entry.getKey());
            }
        }
    }

    @Override
    public MessageResult run(MessageCall call) {
        EngineModule module = engine(call.module());
        String noInstance = module.elementTrap();
        if (noInstance != null) {
            Trap trap = new Trap(Trap.TRAPPED, noInstance);
            return new MessageResult(trap, 0, call.before(), 0);
        }
        EngineInstance instance = null;
        if (!module.freshTables()) {
            instance = pool.take(call.canister(), module, call.keep(), call.before());
        }
        if (instance == null) {
            instance = new EngineInstance(module, settings.spillDirectory());
        }
        MessageResult result = instance.run(call);
        if (instance.reusable()) {
            pool.give(call.canister(), call.keep(), instance);
        }
        return result;
    }

    private EngineModule engine(CanisterModule module) {
        try {
            return needed(module::wasm, module.moduleHash()).engine();
        } catch (InvalidModuleException e) {
            throw Traps.violation("A module that was loaded once can be loaded again", e);
        }
    }

    @Override
    public List<Kept> kept() {
        long code = 0;
        synchronized (loaded) {
            for (Loaded module : loaded.values()) {
                code += module.engine().codeBytes();
            }
        }
        return List.of(
                new Kept(Keeps.INSTANCES, pool.size(), settings.instancesMax()),
                new Kept(Keeps.PAGES, pool.pagesHeld(), settings.pagesHeldMax()),
                new Kept(Keeps.CODE_BYTES, code, settings.codeBytesMax()));
    }

    /// Lets go of all kept instances; the loaded code stays.
    public void evictInstances() {
        pool.clear();
    }

    /// Lets go of all kept instances and loaded code, as if the node had just started.
    public void evictAll() {
        pool.clear();
        synchronized (loaded) {
            loaded.clear();
        }
    }

    @Override
    public void close() {
        evictAll();
    }
}
