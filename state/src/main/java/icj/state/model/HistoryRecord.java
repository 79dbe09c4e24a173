package icj.state.model;

import icj.candid.Principal;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.Digest;
import icj.types.RequestId;
import icj.wire.ByteReader;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One remembered call inside a bucket of the ingress history: `id[32] forgetAt[8] length[1]
/// status[length]`, and as objects beside the bytes: sender, effective canister, and a [LongAnswer]
/// where `length` is 255.
///
/// A record is a view that lives as long as somebody works on its bucket.
final class HistoryRecord {
    /// No bit: the ids are equal.
    static final int NO_BIT = Digest.LENGTH * Byte.SIZE;

    private static final int FORGET_AT = Digest.LENGTH;
    private static final int LENGTH_AT = FORGET_AT + Long.BYTES;
    private static final int STATUS_AT = LENGTH_AT + 1;
    private static final int LARGE = 255;

    /// Longer ones stand beside the bytes, since each change of a bucket copies these.
    private static final int STATUS_MAX = 100;

    private final byte[] data;
    private final int from;
    private final Principal sender;
    private final CanisterId effective;
    private final @Nullable LongAnswer large;

    private HistoryRecord(
            byte[] data,
            int from,
            Principal sender,
            CanisterId effective,
            @Nullable LongAnswer large) {
        this.data = data;
        this.from = from;
        this.sender = sender;
        this.effective = effective;
        this.large = large;
    }

    static HistoryRecord of(IngressEntry entry) {
        boolean isLarge = entry.status().bytes() > STATUS_MAX;
        byte[] status = isLarge ? new byte[0] : IngressEntry.bytes(entry.status());
        isLarge |= status.length > STATUS_MAX;
        ByteWriter out = new ByteWriter(STATUS_AT + STATUS_MAX);
        out.digest(entry.id().digest()).u64(entry.forgetAt());
        if (isLarge) {
            out.u8(LARGE);
        } else {
            out.u8(status.length).raw(status);
        }
        return new HistoryRecord(
                out.toBytes(),
                0,
                entry.sender(),
                entry.effective(),
                isLarge ? new LongAnswer(entry) : null);
    }

    /// The bytes of a bucket with these records.
    static byte[] pack(List<HistoryRecord> records) {
        int length = 0;
        for (HistoryRecord record : records) {
            length += record.length();
        }
        byte[] data = new byte[length];
        int at = 0;
        for (HistoryRecord record : records) {
            System.arraycopy(record.data, record.from, data, at, record.length());
            at += record.length();
        }
        return data;
    }

    /// The objects that stand beside the bytes of a bucket with these records.
    static Object[] shared(List<HistoryRecord> records) {
        List<Object> shared = new ArrayList<>(2 * records.size() + 1);
        for (HistoryRecord record : records) {
            shared.add(record.sender);
            shared.add(record.effective);
            if (record.large != null) {
                shared.add(record.large);
            }
        }
        return shared.toArray();
    }

    /// What [#pack] and [#shared] put together.
    static List<HistoryRecord> unpack(byte[] data, Object[] shared) {
        List<HistoryRecord> records = new ArrayList<>(HistoryNode.BUCKET_MAX);
        int from = 0;
        int at = 0;
        while (from < data.length) {
            Principal sender = (Principal) shared[at++];
            CanisterId effective = (CanisterId) shared[at++];
            boolean isLarge = (data[from + LENGTH_AT] & 0xff) == LARGE;
            LongAnswer large = isLarge ? (LongAnswer) shared[at++] : null;
            HistoryRecord record = new HistoryRecord(data, from, sender, effective, large);
            records.add(record);
            from += record.length();
        }
        return records;
    }

    byte[] id() {
        return Arrays.copyOfRange(data, from, from + Digest.LENGTH);
    }

    RequestId requestId() {
        return new RequestId(Digest.owning(id()));
    }

    Blob key() {
        return Blob.owning(id());
    }

    /// The first bit in which the ids differ, [#NO_BIT] if they are equal.
    int difference(byte[] id) {
        int index = Arrays.mismatch(data, from, from + Digest.LENGTH, id, 0, Digest.LENGTH);
        if (index < 0) {
            return NO_BIT;
        }
        int difference = (data[from + index] ^ id[index]) & 0xff;
        return index * Byte.SIZE + Integer.numberOfLeadingZeros(difference) - 24;
    }

    /// One bit of the id.
    boolean bit(int bit) {
        return bit(data, from, bit);
    }

    /// One bit of an id.
    static boolean bit(byte[] id, int bit) {
        return bit(id, 0, bit);
    }

    int compareIds(HistoryRecord other) {
        return Arrays.compareUnsigned(
                data,
                from,
                from + Digest.LENGTH,
                other.data,
                other.from,
                other.from + Digest.LENGTH);
    }

    /// The first eight bytes of the id.
    long prefix() {
        return number(0);
    }

    long forgetAt() {
        return number(FORGET_AT);
    }

    /// Whether an answer can still be read.
    boolean isAnswered() {
        return status().isAnswered();
    }

    /// Bytes of the answer.
    long answerBytes() {
        return status().bytes();
    }

    IngressEntry entry() {
        return entry(status());
    }

    /// The same call with its answer forgotten.
    IngressEntry done() {
        return entry(new IngressEntry.Status.Done());
    }

    DigestPair digests() {
        return large != null ? large.digests(entry()) : entry().digests(id());
    }

    /// The store has this call from now on.
    void isStored(RecordSource source) {
        if (large != null) {
            large.isStored(entry(), source, key());
        }
    }

    /// Whether both are the same call in the same state.
    boolean isSame(HistoryRecord other) {
        return large == other.large
                && Arrays.equals(
                        data,
                        from,
                        from + length(),
                        other.data,
                        other.from,
                        other.from + other.length())
                && sender.equals(other.sender)
                && effective.equals(other.effective);
    }

    private IngressEntry entry(IngressEntry.Status status) {
        return new IngressEntry(requestId(), sender, effective, status, forgetAt());
    }

    private IngressEntry.Status status() {
        if (large != null) {
            return large;
        }
        try {
            int start = from + STATUS_AT;
            return IngressEntry.status(
                    new ByteReader(Arrays.copyOfRange(data, start, from + length())));
        } catch (MalformedException e) {
            throw new IllegalStateException("A record was packed by this class", e);
        }
    }

    private int length() {
        return large != null ? STATUS_AT : STATUS_AT + (data[from + LENGTH_AT] & 0xff);
    }

    private long number(int at) {
        long number = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            number = number << Byte.SIZE | (data[from + at + i] & 0xff);
        }
        return number;
    }

    private static boolean bit(byte[] id, int from, int bit) {
        return (id[from + bit / Byte.SIZE] >> (Byte.SIZE - 1 - bit % Byte.SIZE) & 1) != 0;
    }
}
