package icj.execution.wasm.engine;

import icj.execution.wasm.WasmState;
import icj.types.CanisterId;
import icj.types.Digest;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Iterator;

/// Instances between messages, the least recently used first to go (R-E8). An instance in use is
/// not here. Which instances are here never shows in results.
final class InstancePool {
    private final int instancesMax;
    private final long pagesHeldMax;

    /// The most recently used first.
    private final ArrayDeque<Kept> kept = new ArrayDeque<>();

    private long pagesHeld;

    private record Kept(
            CanisterId canister, boolean update, EngineInstance instance, int pagesHeld) {}

    InstancePool(int instancesMax, long pagesHeldMax) {
        this.instancesMax = instancesMax;
        this.pagesHeldMax = pagesHeldMax;
    }

    /// Takes an instance of this canister and module out, one that shows the state if there is one.
    /// Instances of updates and queries are apart, so that queries don't take what the next update
    /// finds in place.
    synchronized @Nullable EngineInstance take(
            CanisterId canister, EngineModule module, boolean update, WasmState state) {
        Kept found = null;
        for (Kept entry : kept) {
            if (entry.update == update
                    && entry.canister.equals(canister)
                    && entry.instance.module() == module) {
                found = entry;
                if (entry.instance.shows(state)) {
                    break;
                }
            }
        }
        if (found == null) {
            return null;
        }
        kept.remove(found);
        pagesHeld -= found.pagesHeld;
        return found.instance;
    }

    synchronized void give(CanisterId canister, boolean update, EngineInstance instance) {
        Kept entry = new Kept(canister, update, instance, instance.pagesHeld());
        kept.addFirst(entry);
        pagesHeld += entry.pagesHeld;
        while (kept.size() > instancesMax || pagesHeld > pagesHeldMax) {
            pagesHeld -= kept.removeLast().pagesHeld;
        }
    }

    synchronized int size() {
        return kept.size();
    }

    synchronized long pagesHeld() {
        return pagesHeld;
    }

    /// Lets go of all instances of a module.
    synchronized void forget(Digest module) {
        Iterator<Kept> all = kept.iterator();
        while (all.hasNext()) {
            Kept entry = all.next();
            if (entry.instance.module().hash().equals(module)) {
                all.remove();
                pagesHeld -= entry.pagesHeld;
            }
        }
    }

    synchronized void clear() {
        kept.clear();
        pagesHeld = 0;
    }
}
