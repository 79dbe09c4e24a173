package icj.state.model;

import icj.types.Blob;
import icj.wire.ByteReader;
import icj.wire.MalformedException;

import org.jspecify.annotations.Nullable;

/// A long answer in the ingress history. It stands beside the records of its bucket, with the
/// digests of its call, so that a change of a neighbour neither copies nor hashes it; and once it
/// is in the state store it is read from there (R-S8).
public final class LongAnswer implements IngressEntry.Status {
    /// Shorter ones stay in memory: the object and the read cost as much.
    static final int STORED_MIN = 1024;

    private final boolean replied;
    private final long answerBytes;
    private final int length;
    private @Nullable DigestPair digests;
    private volatile @Nullable Blob bytes;
    private volatile @Nullable Stored stored;

    /// @param entry the call, with this answer
    LongAnswer(IngressEntry entry) {
        IngressEntry.Status status = entry.status().plain();
        Blob encoded = Blob.owning(IngressEntry.bytes(status));
        this.replied = status instanceof IngressEntry.Status.Replied;
        this.answerBytes = status.bytes();
        this.length = encoded.length();
        this.bytes = encoded;
    }

    /// Where the record of the call lies once it is written.
    ///
    /// @param key of the record
    private record Stored(RecordSource source, Blob key) {}

    /// The answer was forgotten after the state that is read: it is no longer in the store, and
    /// only a newer state can tell of the call.
    public static final class GoneException extends RuntimeException {
        private static final long serialVersionUID = 1;

        GoneException() {
            super("The answer of the call was forgotten just now");
        }
    }

    @Override
    public String text() {
        return replied ? "replied" : "rejected";
    }

    @Override
    public boolean isAnswered() {
        return true;
    }

    @Override
    public long bytes() {
        return answerBytes;
    }

    /// @throws GoneException if neither memory nor store has it any more
    @Override
    public IngressEntry.Status plain() {
        try {
            return IngressEntry.status(new ByteReader(encoded()));
        } catch (MalformedException e) {
            throw new IllegalStateException("The answer was encoded by this class", e);
        }
    }

    @Override
    public String toString() {
        return text() + " with " + answerBytes + " bytes";
    }

    /// The bytes of the status.
    Blob encoded() {
        Blob here = bytes;
        if (here != null) {
            return here;
        }
        Stored place = stored;
        if (place == null) {
            throw new IllegalStateException("An answer is in memory or in the store");
        }
        Blob record = place.source.read(place.key);
        try {
            if (record != null) {
                Blob found = Blob.owning(IngressEntry.bytes(IngressEntry.decode(record).status()));
                if (found.length() == length) {
                    return found;
                }
            }
        } catch (MalformedException e) {
            throw new DamagedPageException("The record of a call: " + e.getMessage());
        }
        throw new GoneException();
    }

    /// The digests of the call, which is this one's.
    DigestPair digests(IngressEntry entry) {
        DigestPair known = digests;
        if (known == null) {
            known = entry.digests(entry.id().digest().shared());
            digests = known;
        }
        return known;
    }

    /// The store has the call from now on.
    void isStored(IngressEntry entry, RecordSource source, Blob key) {
        if (length >= STORED_MIN && stored == null) {
            // They can't be made without the bytes.
            digests(entry);
            stored = new Stored(source, key);
            bytes = null;
        }
    }
}
