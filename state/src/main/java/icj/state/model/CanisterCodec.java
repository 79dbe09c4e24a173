package icj.state.model;

import icj.state.tree.SortedTrie;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Digest;
import icj.wire.ByteReader;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;

import java.util.ArrayList;
import java.util.List;

/// The record of a canister in the store: everything but the pages of its memories, the bytes of
/// its module and of its chunks, of which it holds the hashes.
final class CanisterCodec {
    /// Stands for bytes that are in another table.
    private static final PagedBytes NOT_HERE = PagedBytes.of(Blob.EMPTY);

    private CanisterCodec() {}

    static Blob encode(CanisterState canister) {
        ByteWriter out = new ByteWriter(1024);
        Codec.canister(out, canister.id());
        canister.vitals().encode(out);
        canister.settings().encode(out);
        lifecycle(out, canister.lifecycle());
        ModuleCode module = canister.module();
        Codec.optional(out, module == null ? null : module.hash());
        out.u64(canister.memory().heapPages()).u64(canister.memory().stablePages());
        globals(out, canister.memory().globals());
        canister.calls().encode(out);
        canister.queues().write(out);
        canister.history().encode(out);
        canister.log().encode(out);
        canister.chunks().encode(out);
        return out.toBlob();
    }

    /// Module and chunks come without their bytes: [ReplicatedState#restore] puts them in.
    static CanisterState decode(Blob bytes, PageMap heap, PageMap stable)
            throws MalformedException {
        ByteReader in = new ByteReader(bytes);
        CanisterId id = Codec.canister(in);
        CanisterState.Vitals vitals = vitals(in);
        CanisterSettings settings = CanisterSettings.decode(in);
        Lifecycle lifecycle = lifecycle(in);
        Digest module = Codec.optionalDigest(in);
        CanisterMemory memory = new CanisterMemory(heap, in.u64(), stable, in.u64(), globals(in));
        CallTable calls = CallTable.decode(in);
        MessageQueues queues = MessageQueues.read(in);
        CanisterHistory history = CanisterHistory.decode(in);
        CanisterLog log = CanisterLog.decode(in);
        int count = in.count(ChunkStore.CHUNKS_MAX, Digest.LENGTH);
        List<ChunkStore.Chunk> chunks = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            chunks.add(new ChunkStore.Chunk(in.digest(), NOT_HERE));
        }
        in.end();
        return new CanisterState(
                id,
                settings,
                lifecycle,
                module == null ? null : new ModuleCode(module, NOT_HERE, List.of(), false),
                memory,
                calls,
                queues,
                history,
                log,
                ChunkStore.of(chunks),
                vitals);
    }

    /// The canister with the bytes of its module and chunks.
    static CanisterState resolved(
            CanisterState canister, SortedTrie<ModuleCode> modules, SortedTrie<PagedBytes> chunks)
            throws MalformedException {
        ModuleCode module = canister.module();
        if (module != null) {
            module = modules.get(Blob.owning(module.hash().shared()));
            if (module == null) {
                throw new MalformedException(
                        "The module of canister " + canister.id() + " is missing");
            }
        }
        List<ChunkStore.Chunk> found = new ArrayList<>();
        for (ChunkStore.Chunk chunk : canister.chunks().chunks()) {
            PagedBytes bytes = chunks.get(chunkKey(canister.id(), chunk.hash()));
            if (bytes == null) {
                throw new MalformedException(
                        "A chunk of canister " + canister.id() + " is missing");
            }
            found.add(new ChunkStore.Chunk(chunk.hash(), bytes));
        }
        return new CanisterState(
                canister.id(),
                canister.settings(),
                canister.lifecycle(),
                module,
                canister.memory(),
                canister.calls(),
                canister.queues(),
                canister.history(),
                canister.log(),
                ChunkStore.of(found),
                canister.vitals());
    }

    static Blob chunkKey(CanisterId id, Digest hash) {
        return new ByteWriter(64).raw(id.principal().toBytes()).digest(hash).toBlob();
    }

    static void lifecycle(ByteWriter out, Lifecycle lifecycle) {
        out.u8(lifecycle.code());
        if (lifecycle instanceof Lifecycle.Stopping(List<Lifecycle.StopCall> waiting)) {
            out.count(waiting.size());
            for (Lifecycle.StopCall call : waiting) {
                Codec.origin(out, call.origin());
                Codec.cycles(out, call.cycles());
                out.u64(call.since());
            }
        }
    }

    static void globals(ByteWriter out, List<Long> globals) {
        out.count(globals.size());
        for (long bits : globals) {
            out.u64(bits);
        }
    }

    /// A module without its bytes, which are in the pages of the record.
    static Blob encode(ModuleCode module) {
        ByteWriter out = new ByteWriter(256);
        out.digest(module.hash()).bool(module.heartbeat()).u32(module.wasm().length());
        out.count(module.metadata().size());
        for (ModuleCode.Section section : module.metadata()) {
            out.text(section.name()).bool(section.open()).blob(section.content());
        }
        return out.toBlob();
    }

    /// @param memories the pages of the module; none in format 1, which had its bytes here
    static ModuleCode module(Blob bytes, List<PageMap> memories) throws MalformedException {
        ByteReader in = new ByteReader(bytes);
        Digest hash = in.digest();
        boolean heartbeat = in.bool();
        PagedBytes wasm =
                memories.isEmpty()
                        ? PagedBytes.of(Codec.blob(in))
                        : PagedBytes.stored(memories.get(0), length(in));
        int count = in.count(Codec.COUNT_MAX, 9);
        List<ModuleCode.Section> metadata = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            metadata.add(new ModuleCode.Section(Codec.text(in), in.bool(), Codec.blob(in)));
        }
        in.end();
        return new ModuleCode(hash, wasm, metadata, heartbeat);
    }

    static Blob encode(PagedBytes chunk) {
        return new ByteWriter(Integer.BYTES).u32(chunk.length()).toBlob();
    }

    /// @param memories the pages of the chunk; none in format 1, which had its bytes here
    static PagedBytes chunk(Blob bytes, List<PageMap> memories) throws MalformedException {
        if (memories.isEmpty()) {
            return PagedBytes.of(bytes);
        }
        ByteReader in = new ByteReader(bytes);
        PagedBytes chunk = PagedBytes.stored(memories.get(0), length(in));
        in.end();
        return chunk;
    }

    private static int length(ByteReader in) throws MalformedException {
        int length = in.u32();
        if (length < 0 || length > MemoryKind.BYTES.pagesMax() * PageMap.PAGE_BYTES) {
            throw new MalformedException("A module or chunk has no length of " + length);
        }
        return length;
    }

    private static CanisterState.Vitals vitals(ByteReader in) throws MalformedException {
        return new CanisterState.Vitals(
                Codec.cycles(in),
                Codec.cycles(in),
                Codec.cycles(in),
                in.u64(),
                Codec.blob(in),
                in.u64(),
                in.u64(),
                in.u64(),
                in.u64(),
                in.bool());
    }

    private static Lifecycle lifecycle(ByteReader in) throws MalformedException {
        int code = in.u8();
        return switch (code) {
            case 1 -> new Lifecycle.Running();
            case 2 -> {
                int count = in.count(Codec.COUNT_MAX, 25);
                List<Lifecycle.StopCall> waiting = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    waiting.add(
                            new Lifecycle.StopCall(Codec.origin(in), Codec.cycles(in), in.u64()));
                }
                yield new Lifecycle.Stopping(waiting);
            }
            case 3 -> new Lifecycle.Stopped();
            default -> throw Codec.unknown("status of a canister", code);
        };
    }

    private static List<Long> globals(ByteReader in) throws MalformedException {
        int count = in.count(Codec.COUNT_MAX, 8);
        List<Long> globals = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            globals.add(in.u64());
        }
        return globals;
    }
}
