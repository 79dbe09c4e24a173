package icj.replica.loop;

import icj.replica.metrics.Counter;
import icj.replica.metrics.Metrics;
import icj.types.CanisterId;
import icj.types.EnvelopeHash;
import icj.types.NodeId;
import icj.types.RequestId;
import icj.types.message.Envelope;
import icj.types.message.IngressBody;
import icj.types.message.RequestContent;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The update calls that wait for a block. Each is well-formed and its signature verified (R-C7)
/// before it comes here.
///
/// Bounded in entries and bytes, in total and for each peer. Canisters take turns: a payload takes
/// the oldest call of each canister, then the next of each, so that one busy canister can't keep
/// the others out. A call leaves when its batch is delivered, or when it expires. All methods may
/// be called on any thread; none blocks for long.
public final class IngressPool {
    /// What became of an offered call.
    public enum Admission {
        /// Taken.
        ADDED,
        /// Held already, be it in another envelope, or in a final block.
        DUPLICATE,
        /// No room.
        FULL,
        /// The peer that sent it has used up its share.
        OVER_QUOTA
    }

    /// What verification of an envelope found, so that it is done once (R-C7).
    ///
    /// @param id of the request in it
    /// @param expiryNanos the request's own expiry
    /// @param validUntilNanos the earliest of the expiry and those of all delegations
    public record Verdict(RequestId id, long expiryNanos, long validUntilNanos) {}

    private record Entry(
            IngressBody body, CanisterId canister, Verdict verdict, @Nullable NodeId from) {
        long expirySecond() {
            return verdict.validUntilNanos() / 1_000_000_000L;
        }

        int bytes() {
            return body.envelope().length();
        }
    }

    private static final class Share {
        private int entries;
        private long bytes;
    }

    /// How long a call in a proposed block asks for no other block: several rounds, far less than
    /// clients wait.
    private static final long PROPOSED_NANOS_MAX = 300_000_000L;

    private final IngressLimits limits;
    private final Map<RequestId, Entry> entries = new LinkedHashMap<>();
    private final Map<CanisterId, Map<RequestId, Entry>> byCanister = new LinkedHashMap<>();
    private final TreeMap<Long, Set<RequestId>> byExpirySecond = new TreeMap<>();
    private final Map<NodeId, Share> shares = new HashMap<>();
    private final Map<EnvelopeHash, Verdict> verdicts;
    private final Map<Admission, Counter> admissions = new HashMap<>();

    /// Calls in blocks that this node proposed or found valid of late, with the time until when
    /// they make no demand; oldest first.
    private final Map<RequestId, Long> proposed = new LinkedHashMap<>();

    /// Calls of final blocks, of late: peers may still send them.
    private final Map<RequestId, Boolean> gone;

    private final Counter expired;
    private long bytes;
    private long proposedBytes;

    /// How many there are, for readers that must not wait.
    private volatile int held;

    public IngressPool(IngressLimits limits, Metrics metrics) {
        this.limits = limits;
        verdicts = new BoundedMap<>(limits.verdictsMax());
        gone = new BoundedMap<>(limits.verdictsMax());
        for (Admission admission : Admission.values()) {
            admissions.put(
                    admission,
                    metrics.counter(
                            "ic_ingress_pool_offers_total",
                            "Calls offered to the ingress pool by outcome",
                            "outcome",
                            admission.name().toLowerCase(java.util.Locale.ROOT)));
        }
        expired = metrics.counter("ic_ingress_pool_expired_total", "Calls that expired unexecuted");
        metrics.bounded(
                "ic_ingress_pool_entries",
                "Calls in the ingress pool",
                this::size,
                limits.entriesMax());
        metrics.bounded(
                "ic_ingress_pool_bytes",
                "Bytes in the ingress pool",
                this::bytes,
                limits.bytesMax());
        metrics.bounded(
                "ic_ingress_verdicts",
                "Signature verdicts that are remembered",
                this::verdictCount,
                limits.verdictsMax());
        metrics.bounded(
                "ic_ingress_gone",
                "Calls of final blocks that are remembered",
                this::goneCount,
                limits.verdictsMax());
    }

    /// The number of calls held.
    public int size() {
        return held;
    }

    private synchronized int verdictCount() {
        return verdicts.size();
    }

    private synchronized int goneCount() {
        return gone.size();
    }

    private synchronized double bytes() {
        return bytes;
    }

    /// Whether this call is held.
    public synchronized boolean holds(RequestId id) {
        return entries.containsKey(id);
    }

    /// What is known of this envelope, or null if it hasn't been verified here, or not lately.
    public synchronized @Nullable Verdict verdict(EnvelopeHash hash) {
        return verdicts.get(hash);
    }

    /// Remembers that the envelope's signatures are valid.
    public synchronized void remember(EnvelopeHash hash, Verdict verdict) {
        verdicts.put(hash, verdict);
    }

    /// How much is held.
    ///
    /// @param calls how many
    /// @param bytes of all envelopes
    public record Level(int calls, long bytes) {}

    /// How much is held that asks for a block: without calls that no block may take yet, and
    /// without those that stand in a block whose fate isn't known.
    ///
    /// @param expiryNanosMax calls that expire later are left out of the count
    public synchronized Level level(long expiryNanosMax) {
        int later = 0;
        Map<Long, Set<RequestId>> early =
                byExpirySecond.tailMap(expiryNanosMax / 1_000_000_000L + 1, true);
        for (Set<RequestId> ids : early.values()) {
            later += ids.size();
        }
        forgetProposed(System.nanoTime());
        return new Level(
                Math.max(0, entries.size() - later - proposed.size()), bytes - proposedBytes);
    }

    /// These calls stand in a block that is likely to become final: for a while they ask for no
    /// other. Without this each call would make a second, empty block while its own is being
    /// finalized.
    public synchronized void proposed(List<IngressBody> bodies) {
        long until = System.nanoTime() + PROPOSED_NANOS_MAX;
        for (IngressBody body : bodies) {
            Entry entry = entries.get(body.id());
            if (entry != null) {
                if (proposed.remove(body.id()) == null) {
                    proposedBytes += entry.bytes();
                }
                proposed.put(body.id(), until);
            }
        }
    }

    private void forgetProposed(long now) {
        Iterator<Map.Entry<RequestId, Long>> oldest = proposed.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<RequestId, Long> next = oldest.next();
            if (next.getValue() - now > 0) {
                return;
            }
            oldest.remove();
            Entry entry = entries.get(next.getKey());
            if (entry != null) {
                proposedBytes -= entry.bytes();
            }
        }
    }

    /// Takes a verified call.
    ///
    /// @param from the peer that sent it, null for a client of this node
    public synchronized Admission offer(
            Envelope envelope, long validUntilNanos, @Nullable NodeId from) {
        if (!(envelope.content() instanceof RequestContent.Call call)) {
            throw new IllegalArgumentException("Only calls go into blocks");
        }
        Verdict verdict = new Verdict(envelope.id(), call.ingressExpiryNanos(), validUntilNanos);
        verdicts.put(envelope.hash(), verdict);
        Admission admission = admit(envelope, call.canister(), verdict, from);
        Counter counter = admissions.get(admission);
        if (counter != null) {
            counter.increment();
        }
        return admission;
    }

    private Admission admit(
            Envelope envelope, CanisterId canister, Verdict verdict, @Nullable NodeId from) {
        if (entries.containsKey(envelope.id()) || gone.containsKey(envelope.id())) {
            return Admission.DUPLICATE;
        }
        int size = envelope.bytes().length();
        if (entries.size() >= limits.entriesMax() || bytes + size > limits.bytesMax()) {
            return Admission.FULL;
        }
        if (from != null) {
            Share share = shares.computeIfAbsent(from, _ -> new Share());
            if (share.entries >= limits.peerEntriesMax()
                    || share.bytes + size > limits.peerBytesMax()) {
                return Admission.OVER_QUOTA;
            }
            share.entries++;
            share.bytes += size;
        }
        Entry entry =
                new Entry(
                        new IngressBody(envelope.id(), envelope.hash(), envelope.bytes()),
                        canister,
                        verdict,
                        from);
        entries.put(envelope.id(), entry);
        held = entries.size();
        byCanister
                .computeIfAbsent(entry.canister(), _ -> new LinkedHashMap<>())
                .put(envelope.id(), entry);
        byExpirySecond
                .computeIfAbsent(entry.expirySecond(), _ -> new HashSet<>())
                .add(envelope.id());
        bytes += size;
        return Admission.ADDED;
    }

    /// Fills `payload`, which refuses what a block may not hold.
    public synchronized void fill(IngressPayload payload) {
        List<Iterator<Entry>> turns = new ArrayList<>(byCanister.size());
        for (Map<RequestId, Entry> queue : byCanister.values()) {
            turns.add(queue.values().iterator());
        }
        while (!turns.isEmpty() && !payload.isFull()) {
            List<Iterator<Entry>> again = new ArrayList<>(turns.size());
            for (Iterator<Entry> turn : turns) {
                if (payload.isFull()) {
                    return;
                }
                if (takeOne(turn, payload)) {
                    again.add(turn);
                }
            }
            turns = again;
        }
    }

    /// Takes the next call of a canister that fits.
    ///
    /// @return whether there may be another
    private static boolean takeOne(Iterator<Entry> turn, IngressPayload payload) {
        while (turn.hasNext()) {
            Entry entry = turn.next();
            if (payload.add(entry.body(), entry.verdict()) == null) {
                return true;
            }
        }
        return false;
    }

    /// The calls of a finalized block: they need no other.
    public synchronized void delivered(List<IngressBody> bodies) {
        for (IngressBody body : bodies) {
            gone.put(body.id(), true);
            Entry entry = entries.get(body.id());
            if (entry != null) {
                remove(entry);
            }
        }
    }

    /// Drops what expired before `timeNanos`, which is a block's time.
    public synchronized void expire(long timeNanos) {
        long second = timeNanos / 1_000_000_000L;
        while (!byExpirySecond.isEmpty() && byExpirySecond.firstKey() < second) {
            for (RequestId id : byExpirySecond.pollFirstEntry().getValue()) {
                Entry entry = entries.get(id);
                if (entry != null) {
                    remove(entry);
                    expired.increment();
                }
            }
        }
    }

    /// All calls that came from clients of this node, for a peer that was away, oldest first.
    public synchronized List<IngressBody> own() {
        List<IngressBody> bodies = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.from() == null) {
                bodies.add(entry.body());
            }
        }
        return bodies;
    }

    private void remove(Entry entry) {
        RequestId id = entry.body().id();
        entries.remove(id);
        held = entries.size();
        bytes -= entry.bytes();
        if (proposed.remove(id) != null) {
            proposedBytes -= entry.bytes();
        }
        Map<RequestId, Entry> queue = byCanister.get(entry.canister());
        if (queue != null) {
            queue.remove(id);
            if (queue.isEmpty()) {
                byCanister.remove(entry.canister());
            }
        }
        long second = entry.expirySecond();
        Set<RequestId> expiring = byExpirySecond.get(second);
        if (expiring != null && expiring.remove(id) && expiring.isEmpty()) {
            byExpirySecond.remove(second);
        }
        NodeId from = entry.from();
        Share share = from == null ? null : shares.get(from);
        if (share != null) {
            share.entries--;
            share.bytes -= entry.bytes();
        }
    }
}
