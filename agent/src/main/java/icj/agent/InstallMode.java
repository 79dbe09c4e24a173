package icj.agent;

import icj.candid.CandidValue;

import org.jspecify.annotations.Nullable;

/// How a module comes into a canister.
public sealed interface InstallMode {
    /// Into an empty canister.
    record Install() implements InstallMode {}

    /// Anew: the memories are lost.
    record Reinstall() implements InstallMode {}

    /// In place of the one before; stable memory stays.
    ///
    /// @param skipPreUpgrade whether the old module is not asked to prepare
    /// @param memory what becomes of the heap; null leaves the choice to the network, which refuses
    ///   modules of Motoko's enhanced orthogonal persistence then
    record Upgrade(boolean skipPreUpgrade, @Nullable Memory memory) implements InstallMode {}

    /// What an upgrade does with the heap.
    enum Memory {
        /// It stays.
        KEEP,
        /// It begins anew.
        REPLACE
    }

    /// An upgrade without options.
    static InstallMode upgrade() {
        return new Upgrade(false, null);
    }

    /// An upgrade that keeps the heap, for Motoko's enhanced orthogonal persistence.
    static InstallMode upgradeKeepingMemory() {
        return new Upgrade(false, Memory.KEEP);
    }

    /// The variant that the management canister takes.
    default CandidValue toCandid() {
        return switch (this) {
            case Install _ -> CandidValue.Variant.of("install");
            case Reinstall _ -> CandidValue.Variant.of("reinstall");
            case Upgrade(boolean skip, Memory memory) -> {
                CandidValue.RecordBuilder options = CandidValue.Record.builder();
                if (skip) {
                    options.put("skip_pre_upgrade", new CandidValue.Bool(true));
                }
                if (memory != null) {
                    String name = memory == Memory.KEEP ? "keep" : "replace";
                    options.put("wasm_memory_persistence", CandidValue.Variant.of(name));
                }
                CandidValue.Record record = options.build();
                yield record.fields().isEmpty()
                        ? CandidValue.Variant.of("upgrade")
                        : CandidValue.Variant.of("upgrade", new CandidValue.Opt(record));
            }
        };
    }
}
