package icj.state.model;

import icj.state.tree.Records;
import icj.state.tree.SortedTrie;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.Height;
import icj.types.Invariant;
import icj.wire.ByteReader;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;

import java.util.List;

/// How a store keeps a [ReplicatedState]: five tables.
///
/// | table | key | value |
/// |---|---|---|
/// | 1 system | nothing | [SystemState] |
/// | 2 canisters | id | all of a canister but modules, chunks and pages; memories: heap, stable |
/// | 3 calls | request id | [IngressEntry] |
/// | 4 modules | hash | [ModuleCode] but its bytes; memory: these |
/// | 5 chunks | canister id, hash | the length; memory: the bytes |
public final class StateCodec implements StateLayout<ReplicatedState> {
    private final Calls calls = new Calls();
    private final List<RecordTable<ReplicatedState, ?>> tables =
            List.of(new Systems(), new Canisters(), calls, new Modules(), new Chunks());

    /// The layout.
    public StateCodec() {}

    @Override
    public Height height(ReplicatedState state) {
        return state.height();
    }

    @Override
    public Digest root(ReplicatedState state) {
        return state.root();
    }

    @Override
    public List<RecordTable<ReplicatedState, ?>> tables() {
        return tables;
    }

    @Override
    @SuppressWarnings("unchecked") // The entries come in the order of the tables.
    public ReplicatedState restore(Height height, List<Records<?>> entries)
            throws MalformedException {
        Invariant.check(entries.size() == tables.size(), "A store gives back each table");
        SystemState system = ((SortedTrie<SystemState>) entries.get(0)).get(Blob.EMPTY);
        if (system == null) {
            throw new MalformedException("The state has no record of the system");
        }
        if (!system.height().equals(height)) {
            throw new MalformedException(
                    "The state is that of height " + system.height() + ", not of " + height);
        }
        calls.parties.clear();
        return ReplicatedState.restore(
                system,
                (SortedTrie<CanisterState>) entries.get(1),
                (IngressHistory) entries.get(2),
                (SortedTrie<ModuleCode>) entries.get(3),
                (SortedTrie<PagedBytes>) entries.get(4));
    }

    private static final class Systems implements RecordTable<ReplicatedState, SystemState> {
        @Override
        public byte id() {
            return 1;
        }

        @Override
        public SortedTrie<SystemState> entries(ReplicatedState state) {
            return empty().with(Blob.EMPTY, state.system());
        }

        @Override
        public SortedTrie<SystemState> empty() {
            return SortedTrie.empty();
        }

        @Override
        public Blob encode(SystemState value) {
            ByteWriter out = new ByteWriter();
            value.encode(out);
            return out.toBlob();
        }

        @Override
        public SystemState decode(Blob key, Blob bytes, List<PageMap> memories)
                throws MalformedException {
            ByteReader in = new ByteReader(bytes);
            SystemState system = SystemState.decode(in);
            in.end();
            return system;
        }
    }

    private static final class Canisters implements RecordTable<ReplicatedState, CanisterState> {
        @Override
        public byte id() {
            return 2;
        }

        @Override
        public SortedTrie<CanisterState> entries(ReplicatedState state) {
            return state.canisters();
        }

        @Override
        public SortedTrie<CanisterState> empty() {
            return SortedTrie.empty();
        }

        @Override
        public Blob encode(CanisterState value) {
            return CanisterCodec.encode(value);
        }

        @Override
        public CanisterState decode(Blob key, Blob bytes, List<PageMap> memories)
                throws MalformedException {
            return CanisterCodec.decode(bytes, memories.get(0), memories.get(1));
        }

        @Override
        public List<PageMap> memories(CanisterState value) {
            return List.of(value.memory().heap(), value.memory().stable());
        }

        @Override
        public long bytes(CanisterState value) {
            return value.userBytes() + value.callBytes();
        }
    }

    private static final class Calls implements RecordTable<ReplicatedState, IngressEntry> {
        private final Parties parties = new Parties();

        @Override
        public byte id() {
            return 3;
        }

        @Override
        public IngressHistory entries(ReplicatedState state) {
            return state.ingress();
        }

        @Override
        public IngressHistory empty() {
            return IngressHistory.EMPTY;
        }

        @Override
        public Blob encode(IngressEntry value) {
            return Blob.owning(value.bytes());
        }

        @Override
        public IngressEntry decode(Blob key, Blob bytes, List<PageMap> memories)
                throws MalformedException {
            IngressEntry entry = IngressEntry.decode(bytes);
            return new IngressEntry(
                    entry.id(),
                    parties.sender(entry.sender()),
                    parties.canister(entry.effective()),
                    entry.status(),
                    entry.forgetAt());
        }

        @Override
        public long bytes(IngressEntry value) {
            return value.status().bytes();
        }

        @Override
        public void stored(Records<IngressEntry> entries, Blob key, RecordSource source) {
            ((IngressHistory) entries).stored(key, source);
        }
    }

    private static final class Modules implements RecordTable<ReplicatedState, ModuleCode> {
        @Override
        public byte id() {
            return 4;
        }

        @Override
        public SortedTrie<ModuleCode> entries(ReplicatedState state) {
            return state.modules();
        }

        @Override
        public SortedTrie<ModuleCode> empty() {
            return SortedTrie.empty();
        }

        @Override
        public Blob encode(ModuleCode value) {
            return CanisterCodec.encode(value);
        }

        @Override
        public ModuleCode decode(Blob key, Blob bytes, List<PageMap> memories)
                throws MalformedException {
            return CanisterCodec.module(bytes, memories);
        }

        @Override
        public List<PageMap> memories(ModuleCode value) {
            return List.of(value.wasm().pages());
        }
    }

    private static final class Chunks implements RecordTable<ReplicatedState, PagedBytes> {
        @Override
        public byte id() {
            return 5;
        }

        @Override
        public SortedTrie<PagedBytes> entries(ReplicatedState state) {
            return state.chunks();
        }

        @Override
        public SortedTrie<PagedBytes> empty() {
            return SortedTrie.empty();
        }

        @Override
        public Blob encode(PagedBytes value) {
            return CanisterCodec.encode(value);
        }

        @Override
        public PagedBytes decode(Blob key, Blob bytes, List<PageMap> memories)
                throws MalformedException {
            return CanisterCodec.chunk(bytes, memories);
        }

        @Override
        public List<PageMap> memories(PagedBytes value) {
            return List.of(value.pages());
        }
    }
}
