package icj.state.model;

import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Cycles;
import icj.types.Digest;
import icj.wire.ByteWriter;
import icj.wire.Sha256;

import org.jspecify.annotations.Nullable;

/// One canister at one height, immutable: every byte that its next message depends on (R-S1).
///
/// @param id the canister's id
/// @param settings what controllers set
/// @param lifecycle running, stopping or stopped
/// @param module its code, or null when it has none
/// @param memory what it computes with
/// @param calls call contexts and callbacks
/// @param queues what it has still to run
/// @param history its last changes
/// @param log its last lines
/// @param chunks parts of modules uploaded in pieces
/// @param vitals numbers that change with most messages
public record CanisterState(
        CanisterId id,
        CanisterSettings settings,
        Lifecycle lifecycle,
        @Nullable ModuleCode module,
        CanisterMemory memory,
        CallTable calls,
        MessageQueues queues,
        CanisterHistory history,
        CanisterLog log,
        ChunkStore chunks,
        Vitals vitals) {

    /// Numbers that change with most messages.
    ///
    /// @param balance cycles to spend
    /// @param reserved cycles set aside for storage
    /// @param consumed cycles used up ever
    /// @param version rises with each change that others can see
    /// @param certifiedData at most 32 bytes
    /// @param globalTimer when it goes off, nanoseconds since 1970; 0 when it isn't set
    /// @param createdAt nanoseconds since 1970
    /// @param installedAt of the last install, 0 when there was none
    /// @param chargedUntil storage is paid up to this time
    /// @param lowMemoryArmed whether the low-memory hook may run when memory runs low again
    public record Vitals(
            Cycles balance,
            Cycles reserved,
            Cycles consumed,
            long version,
            Blob certifiedData,
            long globalTimer,
            long createdAt,
            long installedAt,
            long chargedUntil,
            boolean lowMemoryArmed) {
        void encode(ByteWriter out) {
            Codec.cycles(out, balance);
            Codec.cycles(out, reserved);
            Codec.cycles(out, consumed);
            out.u64(version).blob(certifiedData).u64(globalTimer).u64(createdAt);
            out.u64(installedAt).u64(chargedUntil).bool(lowMemoryArmed);
        }
    }

    /// The hash of the fixed list of parts (R-S1), in this order: id, vitals, settings, lifecycle,
    /// module hash, heap root, heap pages, stable root, stable pages, globals, calls, queues,
    /// history, log, chunks. Tables and dropped segments are those of the module (R-E1).
    public Digest root() {
        ByteWriter out = new ByteWriter(768);
        out.text("icj-canister");
        Codec.canister(out, id);
        vitals.encode(out);
        settings.encode(out);
        CanisterCodec.lifecycle(out, lifecycle);
        Codec.optional(out, module == null ? null : module.hash());
        out.digest(memory.heap().root(memory.heapPages())).u64(memory.heapPages());
        out.digest(memory.stable().root(memory.stablePages())).u64(memory.stablePages());
        CanisterCodec.globals(out, memory.globals());
        out.digest(calls.digest()).digest(queues.digest());
        out.digest(history.digest()).digest(log.digest()).digest(chunks.digest());
        return Sha256.of(out.toBytes());
    }

    /// The canister with another object of its module.
    CanisterState with(ModuleCode same) {
        return new CanisterState(
                id, settings, lifecycle, same, memory, calls, queues, history, log, chunks, vitals);
    }

    /// Bytes of users' calls that wait for it.
    public long userBytes() {
        return queues.ingressBytes();
    }

    /// Bytes of canisters' calls and their answers that wait for it, and of its open calls (R-S8).
    public long callBytes() {
        return queues.canisterBytes() + CallTable.CALLBACK_BYTES * calls.callbacks().size();
    }

    /// Bytes that the canister takes and pays for.
    public long memoryUsage() {
        return memory.heapBytes()
                + memory.stableBytes()
                + 8L * memory.globals().size()
                + (module == null ? 0 : module.size())
                + history.bytes()
                + chunks.bytes();
    }
}
