package icj.execution.wasm;

import icj.execution.wasm.engine.ChicoryRuntime;
import icj.execution.wasm.engine.RuntimeSettings;
import icj.state.model.MemoryKind;
import icj.state.model.PageMap;
import icj.types.Blob;
import icj.types.CanisterId;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;

/// A canister in a test: a module, its state, a host.
public final class TestCanister {
    private static final long LIMIT = 2_000_000_000L;

    private final WasmRuntime runtime;
    private final CanisterModule module;
    private final CanisterId id;
    private WasmState state;

    /// The limit of each message.
    public long instructionLimit = LIMIT;

    /// The heap's limit.
    public long heapPagesMax = 65_536;

    /// What a message may write.
    public long writtenBytesMax = 128 << 20;

    /// The host of the last message.
    public FakeHost host = new FakeHost();

    /// Loads the module; nothing is installed yet.
    public TestCanister(WasmRuntime runtime, byte[] wasm) throws InvalidModuleException {
        this(runtime, wasm, 1);
    }

    /// The same with an id of its own.
    public TestCanister(WasmRuntime runtime, byte[] wasm, long id) throws InvalidModuleException {
        this.runtime = runtime;
        this.module = runtime.load(Blob.of(wasm));
        this.id = CanisterId.ofNumber(id);
        MemoryKind kind = module.memory64() ? MemoryKind.HEAP64 : MemoryKind.HEAP;
        this.state = new WasmState(PageMap.empty(kind), 0, List.of());
    }

    /// A runtime in this process.
    public static ChicoryRuntime runtime(RuntimeSettings.Engine engine) {
        try {
            return new ChicoryRuntime(RuntimeSettings.inProcess(engine));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// A module of the test resources, unpacked.
    public static byte[] resource(String name) throws IOException {
        try (InputStream in = TestCanister.class.getResourceAsStream(name)) {
            byte[] bytes = in.readAllBytes();
            if (!name.endsWith(".gz")) {
                return bytes;
            }
            try (InputStream packed =
                    new GZIPInputStream(new java.io.ByteArrayInputStream(bytes))) {
                return packed.readAllBytes();
            }
        }
    }

    /// Runs on a thread with the stack that the runtime asks for.
    public static <T> T onLane(Callable<T> work) throws Exception {
        Object[] result = new Object[1];
        Throwable[] failure = new Throwable[1];
        Thread lane =
                new Thread(
                        null,
                        () -> {
                            try {
                                result[0] = work.call();
                            } catch (Throwable e) {
                                failure[0] = e;
                            }
                        },
                        "lane",
                        1L << 30);
        lane.start();
        lane.join();
        if (failure[0] instanceof Exception e) {
            throw e;
        }
        if (failure[0] != null) {
            throw new AssertionError(failure[0]);
        }
        @SuppressWarnings("unchecked") // the caller names the type
        T typed = (T) result[0];
        return typed;
    }

    /// Instantiates and runs `canister_init`.
    public MessageResult install() {
        return run(Instantiation.FRESH, new EntryPoint.Export("canister_init"), true);
    }

    /// Runs an update method, an init and the like by its export name.
    public MessageResult update(String export) {
        return run(Instantiation.NONE, new EntryPoint.Export(export), true);
    }

    /// Runs without effect.
    public MessageResult query(String export) {
        return run(Instantiation.NONE, new EntryPoint.Export(export), false);
    }

    /// Runs anything.
    public MessageResult run(Instantiation instantiation, EntryPoint entry, boolean keep) {
        byte[] argument = host.argument;
        host = new FakeHost();
        host.argument = argument;
        MessageResult result =
                runtime.run(
                        new MessageCall(
                                id,
                                module,
                                state,
                                instantiation,
                                entry,
                                instructionLimit,
                                heapPagesMax,
                                writtenBytesMax,
                                host,
                                keep));
        if (keep) {
            state = result.after();
        }
        return result;
    }

    /// The state after the last message that may change it.
    public WasmState state() {
        return state;
    }

    /// Goes back to another state.
    public void setState(WasmState other) {
        state = other;
    }

    /// The loaded module.
    public CanisterModule module() {
        return module;
    }
}
