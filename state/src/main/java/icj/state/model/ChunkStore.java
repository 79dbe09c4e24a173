package icj.state.model;

import icj.types.Blob;
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

    /// The chunks of these hashes, one after the other; null when one of them is missing or they
    /// have more than `bytesMax` bytes together, before anything is read.
    public @Nullable Blob joined(List<Digest> hashes, int bytesMax) {
        List<PagedBytes> found = new ArrayList<>(hashes.size());
        long length = 0;
        for (Digest hash : hashes) {
            PagedBytes chunk = get(hash);
            if (chunk == null) {
                return null;
            }
            found.add(chunk);
            length += chunk.length();
        }
        if (length > bytesMax) {
            return null;
        }
        byte[] bytes = new byte[(int) length];
        int at = 0;
        for (PagedBytes chunk : found) {
            chunk.copyTo(bytes, at);
            at += chunk.length();
        }
        return Blob.owning(bytes);
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
