package icj.execution.management;

import icj.candid.CandidValue;
import icj.execution.canister.CanisterDraft;
import icj.execution.message.Round;
import icj.execution.wasm.binary.ModuleLimits;
import icj.execution.wasm.binary.ModuleWork;
import icj.state.model.ChunkStore;
import icj.state.model.PagedBytes;
import icj.types.Blob;
import icj.types.Digest;
import icj.wire.Sha256;

import java.util.ArrayList;
import java.util.List;

/// Modules that come in chunks (interface specification, "upload_chunk" and
/// "install_chunked_code").
final class Chunks {
    private Chunks() {}

    /// Puts a chunk into the canister's store.
    ///
    /// @return its name
    static Digest upload(Round round, CanisterDraft canister, Blob chunk) throws RejectedCall {
        if (chunk.length() > ChunkStore.CHUNK_BYTES_MAX) {
            throw new RejectedCall(
                    408,
                    "A chunk has at most "
                            + ChunkStore.CHUNK_BYTES_MAX
                            + " bytes, this has "
                            + chunk.length());
        }
        round.worked(ModuleWork.reading(chunk.length()));
        Digest digest = Sha256.of(chunk.shared());
        ChunkStore store = canister.chunks();
        if (store.get(digest) == null) {
            if (store.chunks().size() >= ChunkStore.CHUNKS_MAX) {
                throw new RejectedCall(
                        408,
                        "The chunk store of canister "
                                + canister.id()
                                + " is full: it has "
                                + ChunkStore.CHUNKS_MAX
                                + " chunks");
            }
            if (round.bytesLeft() < ChunkStore.CHUNK_BYTES_MAX) {
                throw new RejectedCall(402, "The subnet has no memory left for a chunk");
            }
            long allocated = canister.settings().memoryAllocation();
            long usage = canister.memoryUsage() + ChunkStore.CHUNK_BYTES_MAX;
            CodeInstallation.mustPayForMemory(
                    canister,
                    canister.balance(),
                    usage - allocated,
                    usage,
                    round.settings().prices());
            ChunkStore next = store.with(new ChunkStore.Chunk(digest, PagedBytes.of(chunk)));
            round.take(next.bytes() - store.bytes());
            canister.chunks(next);
        }
        return digest;
    }

    /// The module out of these chunks. Nothing is read before it is clear that it may be so much.
    static Blob assemble(Round round, CanisterDraft store, List<CandidValue> wanted)
            throws RejectedCall {
        if (wanted.size() > ChunkStore.CHUNKS_MAX) {
            throw new RejectedCall(
                    408,
                    "A module has at most "
                            + ChunkStore.CHUNKS_MAX
                            + " chunks, these are "
                            + wanted.size());
        }
        List<Digest> hashes = new ArrayList<>(wanted.size());
        long size = 0;
        for (CandidValue element : wanted) {
            byte[] hash = element.asRecord().get("hash").asBlob();
            PagedBytes chunk =
                    hash.length == Digest.LENGTH ? store.chunks().get(Digest.of(hash)) : null;
            if (chunk == null) {
                throw new RejectedCall(
                        408,
                        "Chunk "
                                + Blob.of(hash)
                                + " was not found in the chunk store of canister "
                                + store.id());
            }
            hashes.add(Digest.of(hash));
            size += chunk.length();
        }
        Blob module = store.chunks().joined(hashes, ModuleLimits.MODULE_BYTES_MAX);
        if (module == null) {
            throw new RejectedCall(
                    505,
                    "A module has at most "
                            + ModuleLimits.MODULE_BYTES_MAX
                            + " bytes, these chunks have "
                            + size);
        }
        round.worked(ModuleWork.reading(size));
        return module;
    }
}
