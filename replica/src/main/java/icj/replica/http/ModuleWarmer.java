package icj.replica.http;

import icj.candid.Candid;
import icj.candid.CandidException;
import icj.candid.CandidLabel;
import icj.candid.CandidValue;
import icj.candid.Principal;
import icj.execution.wasm.InvalidModuleException;
import icj.execution.wasm.WasmRuntime;
import icj.execution.wasm.binary.ModuleLimits;
import icj.replica.metrics.Histogram;
import icj.replica.metrics.Metrics;
import icj.state.model.CanisterState;
import icj.state.model.ReplicatedState;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Digest;
import icj.types.message.RequestContent;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Compiles the module of an install call when the call arrives, before it goes into the pool
/// (R-E9): the execution thread then finds it in the class cache, which all nodes of a host share,
/// and other canisters don't wait for a compiler. Changes no result; what can't be read is left to
/// execution, which says what is wrong with it.
public final class ModuleWarmer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModuleWarmer.class);
    private static final int WAITING_MAX = 16;
    private static final String INSTALL = "install_code";
    private static final String INSTALL_CHUNKED = "install_chunked_code";

    private final WasmRuntime runtime;
    private final ThreadPoolExecutor thread;
    private final Histogram times;

    public ModuleWarmer(WasmRuntime runtime, Metrics metrics) {
        this.runtime = runtime;
        times = metrics.histogram("ic_module_load_seconds", "Time to make a module ready");
        thread =
                new ThreadPoolExecutor(
                        1,
                        1,
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(WAITING_MAX),
                        work -> {
                            Thread made = new Thread(work, "module-warmer");
                            made.setDaemon(true);
                            return made;
                        });
        metrics.bounded(
                "ic_module_queue",
                "Modules that wait to be made ready",
                thread.getQueue()::size,
                WAITING_MAX);
    }

    /// Whether this call installs a module.
    public static boolean installs(RequestContent.Call call) {
        return call.canister().equals(CanisterId.MANAGEMENT)
                && (call.method().equals(INSTALL) || call.method().equals(INSTALL_CHUNKED));
    }

    /// Makes the module ready and runs `then`, on another thread; at once when too many wait.
    public void warm(ReplicatedState state, RequestContent.Call call, Runnable then) {
        try {
            thread.execute(() -> {
                load(state, call);
                then.run();
            });
        } catch (RejectedExecutionException e) {
            then.run();
        }
    }

    private void load(ReplicatedState state, RequestContent.Call call) {
        long began = System.nanoTime();
        try {
            CandidValue.Record argument =
                    Candid.decode(call.arg().shared()).values().getFirst().asRecord();
            Blob module =
                    call.method().equals(INSTALL)
                            ? Blob.owning(argument.get("wasm_module").asBlob())
                            : assembled(state, argument);
            if (module != null) {
                runtime.prepare(module);
                times.observeSince(began);
            }
        } catch (CandidException | InvalidModuleException | RuntimeException e) {
            LOG.debug("A module was not made ready", e);
        }
    }

    /// The module out of the chunks that the certified state holds, or null when one is missing.
    private static @Nullable Blob assembled(ReplicatedState state, CandidValue.Record argument)
            throws CandidException {
        Principal store = argument.get("target_canister").asPrincipal();
        CandidValue other = argument.get(CandidLabel.of("store_canister"));
        CandidValue named = other == null ? null : other.asOpt();
        if (named != null) {
            store = named.asPrincipal();
        }
        CanisterState canister = state.canister(new CanisterId(store));
        if (canister == null) {
            return null;
        }
        List<Digest> hashes = new ArrayList<>();
        for (CandidValue element : argument.get("chunk_hashes_list").asVec()) {
            byte[] hash = element.asRecord().get("hash").asBlob();
            if (hash.length != Digest.LENGTH) {
                return null;
            }
            hashes.add(Digest.of(hash));
        }
        return canister.chunks().joined(hashes, ModuleLimits.MODULE_BYTES_MAX);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
