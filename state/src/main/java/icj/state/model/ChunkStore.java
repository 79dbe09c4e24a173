package icj.state.model;

import icj.types.Digest;
import icj.wire.ByteWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Parts of modules that were uploaded in pieces.
public final class ChunkStore extends HashedPart {
    /// The most chunks.
    public static final int CHUNKS_MAX = 100;

    /// The most bytes of one.
    public static final int CHUNK_BYTES_MAX = 1 << 20;

    /// No chunks.
    public static final ChunkStore EMPTY = new ChunkStore(List.of());

    private final List<Chunk> chunks;

    private ChunkStore(List<Chunk> chunks) {
        this.chunks = chunks;
    }

    /// One chunk.
    ///
    /// @param hash SHA-256 of `bytes`
    public record Chunk(Digest hash, PagedBytes bytes) {}

    /// All, strictly increasing by hash.
    public List<Chunk> chunks() {
        return chunks;
    }

    /// The chunk of this hash, or null.
    public @Nullable PagedBytes get(Digest hash) {
        for (Chunk chunk : chunks) {
            if (chunk.hash().equals(hash)) {
                return chunk.bytes();
            }
        }
        return null;
    }

    /// The store with one more chunk; the same when it has it.
    public ChunkStore with(Chunk chunk) {
        if (get(chunk.hash()) != null) {
            return this;
        }
        List<Chunk> next = new ArrayList<>(chunks);
        int place = 0;
        while (place < next.size() && next.get(place).hash().compareTo(chunk.hash()) < 0) {
            place++;
        }
        next.add(place, chunk);
        return new ChunkStore(List.copyOf(next));
    }

    /// Charged as a full MiB each.
    public long bytes() {
        return (long) chunks.size() * CHUNK_BYTES_MAX;
    }

    /// The hashes only: they bind the bytes.
    @Override
    protected void encode(ByteWriter out) {
        out.u32(chunks.size());
        for (Chunk chunk : chunks) {
            out.digest(chunk.hash());
        }
    }

    static ChunkStore of(List<Chunk> chunks) {
        return chunks.isEmpty() ? EMPTY : new ChunkStore(List.copyOf(chunks));
    }
}
