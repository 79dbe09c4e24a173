package icj.state.model;

import icj.types.Blob;
import icj.types.Digest;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A Wasm module as it was uploaded, shared by all canisters that run it.
///
/// @param hash SHA-256 of `wasm`
/// @param wasm the bytes as uploaded, gzip or not
/// @param metadata the module's `icp:` sections, strictly increasing by name (bytes of UTF-8)
/// @param heartbeat whether it exports `canister_heartbeat`: its canisters run in each round
public record ModuleCode(Digest hash, PagedBytes wasm, List<Section> metadata, boolean heartbeat) {
    public ModuleCode {
        metadata = List.copyOf(metadata);
    }

    /// A custom section `icp:public NAME` or `icp:private NAME`.
    public record Section(String name, boolean open, Blob content) {}

    /// What it takes of its canister's memory, in bytes.
    public long size() {
        return wasm.length() + metadataBytes();
    }

    /// The bytes of its metadata.
    public long metadataBytes() {
        long sum = 0;
        for (Section section : metadata) {
            sum += section.name().length() + section.content().length();
        }
        return sum;
    }

    /// The section of this name, or null.
    public @Nullable Section section(String name) {
        for (Section section : metadata) {
            if (section.name().equals(name)) {
                return section;
            }
        }
        return null;
    }
}
