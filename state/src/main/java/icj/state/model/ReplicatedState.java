package icj.state.model;

import icj.state.tree.LabelTree;
import icj.state.tree.SortedTrie;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.ConsensusTime;
import icj.types.Cycles;
import icj.types.Digest;
import icj.types.Height;
import icj.types.Invariant;
import icj.types.RequestId;
import icj.types.SubnetId;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;
import icj.wire.Sha256;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/// The whole replicated state of a subnet at one height, immutable. A later state shares with an
/// earlier one what did not change; [Edit] makes it.
///
/// Its root covers every byte that the next height depends on (R-S1); what the certified tree shows
/// of it, and who has something to do when, is kept beside it and derived from it.
public final class ReplicatedState {
    private static final byte[] ROOT_DOMAIN = "icj-state-root".getBytes(StandardCharsets.US_ASCII);

    private final SystemState system;
    private final SortedTrie<CanisterState> canisters;
    private final IngressHistory ingress;
    private final SortedTrie<ModuleCode> modules;
    private final SortedTrie<Integer> moduleUses;
    private final SortedTrie<PagedBytes> chunks;
    private final ForgetTimes forgetting;
    private final long ingressBytes;
    private final long answersFrom;
    private final LabelTree canisterLabels;
    private final Agenda agenda;
    private volatile @Nullable Digest root;

    private ReplicatedState(Edit edit, SystemState system) {
        this.system = system;
        this.canisters = edit.canisters;
        this.ingress = edit.ingress;
        this.modules = edit.modules;
        this.moduleUses = edit.moduleUses;
        this.chunks = edit.chunks;
        this.forgetting = edit.forgetting.times();
        this.ingressBytes = edit.ingressBytes;
        this.answersFrom = edit.answersFrom;
        this.canisterLabels = edit.canisterLabels;
        this.agenda = edit.agenda;
    }

    /// The state before the first batch.
    ///
    /// @param subnet whose state it is
    /// @param time of genesis
    /// @param firstCanister the number of the first canister, unsigned
    public static ReplicatedState genesis(SubnetId subnet, ConsensusTime time, long firstCanister) {
        SystemState system =
                new SystemState(
                        subnet,
                        Height.ZERO,
                        time,
                        firstCanister,
                        CanisterId.MANAGEMENT,
                        List.of(),
                        List.of(),
                        0,
                        Cycles.ZERO);
        return new ReplicatedState(new Edit(), system);
    }

    /// The state of these parts, as a store read them; the system's part comes from one record.
    static ReplicatedState restore(
            SystemState system,
            SortedTrie<CanisterState> canisters,
            IngressHistory ingress,
            SortedTrie<ModuleCode> modules,
            SortedTrie<PagedBytes> chunks)
            throws MalformedException {
        Edit edit = new Edit();
        for (SortedTrie.Entry<CanisterState> entry : canisters) {
            edit.put(CanisterCodec.resolved(entry.value(), modules, chunks));
        }
        edit.restore(ingress);
        return edit.commit(system);
    }

    /// The key of a canister in [#canisters].
    public static Blob key(CanisterId id) {
        return Blob.owning(id.principal().toBytes());
    }

    /// The height of the last executed batch.
    public Height height() {
        return system.height();
    }

    /// The time of the last executed batch: that of certificates (R-C3).
    public ConsensusTime time() {
        return system.time();
    }

    /// What belongs to the subnet itself.
    public SystemState system() {
        return system;
    }

    /// All canisters; keys are the bytes of their ids.
    public SortedTrie<CanisterState> canisters() {
        return canisters;
    }

    /// The canister, or null.
    public @Nullable CanisterState canister(CanisterId id) {
        return canisters.get(key(id));
    }

    /// All update calls that are remembered.
    public IngressHistory ingress() {
        return ingress;
    }

    /// The update call, or null when it is unknown or forgotten.
    public @Nullable IngressEntry ingress(RequestId id) {
        return ingress.get(id);
    }

    /// Bytes of the answers that the ingress history holds (R-S8).
    public long ingressBytes() {
        return ingressBytes;
    }

    /// The first second of forgetting that may still have answers. Derived: 0 in a state that was
    /// read from a store.
    long answersFrom() {
        return answersFrom;
    }

    /// The modules that canisters run; keys are their hashes.
    public SortedTrie<ModuleCode> modules() {
        return modules;
    }

    /// The chunks of all canisters; a key is the canister's id followed by the hash.
    public SortedTrie<PagedBytes> chunks() {
        return chunks;
    }

    /// Who has something to do and when.
    public Agenda agenda() {
        return agenda;
    }

    /// The certified subtree `/canister`.
    public LabelTree canisterLabels() {
        return canisterLabels;
    }

    /// The certified subtree `/request_status`.
    public LabelTree requestLabels() {
        return ingress.labels();
    }

    /// Whether `raw_rand` calls wait, so that a later batch needs a tape (R-C6).
    public boolean needsTape() {
        return !system.randomness().isEmpty();
    }

    /// The state root (R-S1): the hash of the system's part and of the tries of canisters and of
    /// update calls. Computed once; costs what changed since the state that this one was made from.
    public Digest root() {
        Digest known = root;
        if (known == null) {
            ByteWriter out = new ByteWriter(256);
            system.encode(out);
            known =
                    Sha256.of(
                            ROOT_DOMAIN,
                            Sha256.of(out.toBytes()).shared(),
                            canisters.digest().shared(),
                            ingress.digest().shared());
            root = known;
        }
        return known;
    }

    /// A change of this state.
    public Edit edit() {
        return new Edit(this);
    }

    /// Collects changes; not thread-safe. Each method takes effect at once, for the look-ups of
    /// this edit; [#commit] makes the next state.
    public static final class Edit {
        private SortedTrie<CanisterState> canisters;
        private IngressHistory ingress;
        private SortedTrie<ModuleCode> modules;
        private SortedTrie<Integer> moduleUses;
        private SortedTrie<PagedBytes> chunks;
        private final ForgetTimes.Collector forgetting;
        private long ingressBytes;

        private long answersFrom;
        private LabelTree canisterLabels;
        private Agenda agenda;

        private Edit() {
            canisters = SortedTrie.empty(StateHashers.CANISTERS);
            ingress = IngressHistory.EMPTY;
            modules = SortedTrie.empty();
            moduleUses = SortedTrie.empty();
            chunks = SortedTrie.empty();
            forgetting = new ForgetTimes.Collector(ForgetTimes.EMPTY);
            canisterLabels = LabelTree.EMPTY;
            agenda = Agenda.EMPTY;
        }

        private Edit(ReplicatedState state) {
            canisters = state.canisters;
            ingress = state.ingress;
            modules = state.modules;
            moduleUses = state.moduleUses;
            chunks = state.chunks;
            forgetting = new ForgetTimes.Collector(state.forgetting);
            ingressBytes = state.ingressBytes;
            answersFrom = state.answersFrom;
            canisterLabels = state.canisterLabels;
            agenda = state.agenda;
        }

        /// The canister as it is by now, or null.
        public @Nullable CanisterState canister(CanisterId id) {
            return canisters.get(key(id));
        }

        /// The update call as it is by now, or null.
        public @Nullable IngressEntry ingress(RequestId id) {
            return ingress.get(id);
        }

        /// How many update calls are remembered by now.
        public int ingressCount() {
            return ingress.size();
        }

        /// How many canisters there are by now.
        public int canisterCount() {
            return canisters.size();
        }

        /// Who has something to do by now.
        public Agenda agenda() {
            return agenda;
        }

        /// The canister from now on.
        public void put(CanisterState changed) {
            Blob key = key(changed.id());
            CanisterState before = canisters.get(key);
            if (before == changed) {
                return;
            }
            CanisterState canister = sharing(changed);
            canisters = canisters.with(key, canister);
            agenda = agenda.replace(before, canister);
            replace(before == null ? null : before.module(), canister.module());
            chunks(canister.id(), before == null ? ChunkStore.EMPTY : before.chunks(), canister);
            LabelTree labels = canisterLabels.subtree(key);
            LabelTree next = CanisterLabels.of(canister, before, labels);
            if (next != labels) {
                canisterLabels = canisterLabels.with(key, next);
            }
        }

        /// The canister is gone from now on; its id is never used again.
        public void remove(CanisterId id) {
            Blob key = key(id);
            CanisterState before = canisters.get(key);
            if (before == null) {
                return;
            }
            canisters = canisters.without(key);
            agenda = agenda.replace(before, null);
            replace(before.module(), null);
            chunks(id, before.chunks(), null);
            canisterLabels = canisterLabels.without(key);
        }

        /// The update call from now on. One with a time to be forgotten never gets another.
        public void put(IngressEntry entry) {
            HistoryRecord before = ingress.find(entry.id());
            ingress = ingress.with(entry);
            ingressBytes += entry.status().bytes() - (before == null ? 0 : before.answerBytes());
            if (entry.forgetAt() != 0 && (before == null || before.forgetAt() == 0)) {
                forgetting.add(entry.forgetAt(), entry.id());
                answersFrom = Math.min(answersFrom, ForgetTimes.second(entry.forgetAt()));
            }
        }

        /// Forgets all calls whose second of forgetting is over at `now`.
        public void forget(ConsensusTime now) {
            long current = ForgetTimes.second(now.value());
            ForgetTimes times = forgetting.times();
            for (long second = times.after(-1);
                    second >= 0 && second < current;
                    second = times.after(second)) {
                forEach(times, second, this::drop);
                forgetting.without(second);
            }
        }

        /// Forgets answers, a whole second of calls at a time and the oldest first, until at most
        /// `bytesMax` bytes of them are kept; the calls themselves stay known (R-S8).
        public void shedAnswers(long bytesMax) {
            ForgetTimes times = forgetting.times();
            while (ingressBytes > bytesMax) {
                long second = times.after(answersFrom - 1);
                if (second < 0) {
                    return;
                }
                forEach(
                        times,
                        second,
                        record -> {
                            if (record.isAnswered()) {
                                put(record.done());
                            }
                        });
                answersFrom = second + 1;
            }
        }

        private void forEach(ForgetTimes times, long second, Consumer<HistoryRecord> calls) {
            times.forEach(
                    second,
                    prefix -> {
                        for (HistoryRecord record : ingress.withPrefix(prefix)) {
                            if (ForgetTimes.second(record.forgetAt()) == second) {
                                calls.accept(record);
                            }
                        }
                    });
        }

        private void drop(HistoryRecord record) {
            ingressBytes -= record.answerBytes();
            ingress = ingress.without(record.requestId());
        }

        /// Takes the calls that a store read.
        private void restore(IngressHistory calls) {
            ingress = calls;
            calls.forEachRecord(record -> {
                ingressBytes += record.answerBytes();
                if (record.forgetAt() != 0) {
                    forgetting.add(record.forgetAt(), record.requestId());
                }
            });
        }

        /// The next state.
        public ReplicatedState commit(SystemState system) {
            return new ReplicatedState(this, system);
        }

        /// The canister with the module object that others with this module have: only that one's
        /// bytes leave memory when they are written.
        private CanisterState sharing(CanisterState canister) {
            ModuleCode module = canister.module();
            ModuleCode known =
                    module == null ? null : modules.get(Blob.owning(module.hash().shared()));
            return known == null || known == module ? canister : canister.with(known);
        }

        private void replace(@Nullable ModuleCode before, @Nullable ModuleCode after) {
            if (before == after) {
                return;
            }
            if (after != null) {
                Blob key = Blob.owning(after.hash().shared());
                Integer uses = moduleUses.get(key);
                if (uses == null) {
                    modules = modules.with(key, after);
                }
                moduleUses = moduleUses.with(key, uses == null ? 1 : uses + 1);
            }
            if (before != null) {
                Blob key = Blob.owning(before.hash().shared());
                Integer uses = moduleUses.get(key);
                if (uses == null) {
                    throw new Invariant.Violation("A module in use is counted");
                }
                if (uses == 1) {
                    modules = modules.without(key);
                    moduleUses = moduleUses.without(key);
                } else {
                    moduleUses = moduleUses.with(key, uses - 1);
                }
            }
        }

        private void chunks(CanisterId id, ChunkStore before, @Nullable CanisterState canister) {
            ChunkStore after = canister == null ? ChunkStore.EMPTY : canister.chunks();
            if (before == after) {
                return;
            }
            for (ChunkStore.Chunk chunk : before.chunks()) {
                if (after.get(chunk.hash()) == null) {
                    chunks = chunks.without(CanisterCodec.chunkKey(id, chunk.hash()));
                }
            }
            for (ChunkStore.Chunk chunk : after.chunks()) {
                chunks = chunks.with(CanisterCodec.chunkKey(id, chunk.hash()), chunk.bytes());
            }
        }
    }
}
