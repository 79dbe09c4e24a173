package icj.testing.simulation;

import icj.types.Blob;
import icj.types.ConsensusTime;
import icj.types.Digest;
import icj.types.RequestId;
import icj.types.message.Batch;
import icj.types.message.IngressBody;
import icj.types.message.NextWork;
import icj.wire.ByteWriter;
import icj.wire.Sha256;

import org.jspecify.annotations.Nullable;

import java.util.TreeMap;

/// A deterministic state: a digest of all batches so far, and the ingress history. Whether it draws
/// randomness and when it wants the next batch follow from the digest.
final class ToyState {
    private static final long TIMER_NANOS = 50_000_000;

    private final long height;
    private final ConsensusTime time;
    private final Digest digest;
    private final boolean drawsTape;
    private final TreeMap<RequestId, Long> history;

    private ToyState(
            long height,
            ConsensusTime time,
            Digest digest,
            boolean drawsTape,
            TreeMap<RequestId, Long> history) {
        this.height = height;
        this.time = time;
        this.digest = digest;
        this.drawsTape = drawsTape;
        this.history = history;
    }

    static ToyState genesis(ConsensusTime time) {
        return new ToyState(0, time, Digest.ZERO, false, new TreeMap<>());
    }

    long height() {
        return height;
    }

    Digest root() {
        return SimKeys.root(height, digest);
    }

    Blob witness() {
        return Blob.of(digest.shared());
    }

    boolean needsTape() {
        return drawsTape;
    }

    NextWork next() {
        return switch (digest.shared()[0] & 7) {
            case 0 -> new NextWork.Now();
            case 1, 2 -> new NextWork.At(time.plusNanos(TIMER_NANOS));
            default -> new NextWork.None();
        };
    }

    /// The height at which the request was executed, or null. The history is shared by all states
    /// of a node, so it may hold heights above this one.
    @Nullable Long executedAt(RequestId id) {
        return history.get(id);
    }

    /// The state after a batch. This one's history goes on in it.
    ToyState execute(Batch batch, int tapeModulus) {
        if (batch.height().value() != height + 1) {
            throw new Broken("Batch " + batch.height() + " comes after " + height);
        }
        if (!batch.time().isAfter(time)) {
            throw new Broken("The time of batch " + batch.height() + " does not rise");
        }
        ByteWriter out = new ByteWriter();
        out.digest(digest).u64(batch.height().value()).u64(batch.time().value());
        out.digest(batch.blockHash());
        for (IngressBody body : batch.ingress()) {
            history.putIfAbsent(body.id(), height + 1);
            out.blob(body.envelope());
        }
        if (batch.tape() != null) {
            out.digest(batch.tape());
        }
        Digest next = Sha256.of(out.toBytes());
        boolean draws = tapeModulus > 0 && (next.shared()[1] & 0xff) % tapeModulus == 0;
        return new ToyState(height + 1, batch.time(), next, draws, history);
    }

    /// A copy that shares nothing, as a state store holds it.
    ToyState copy() {
        TreeMap<RequestId, Long> copied = new TreeMap<>();
        history.forEach((id, at) -> {
            if (at <= height) {
                copied.put(id, at);
            }
        });
        return new ToyState(height, time, digest, drawsTape, copied);
    }

    /// The same state of a node that forgot its ingress history.
    ToyState withoutHistory() {
        return new ToyState(height, time, digest, drawsTape, new TreeMap<>());
    }
}
