package icj.state.model;

import icj.types.Digest;
import icj.wire.ByteReader;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;
import icj.wire.Sha256;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// What a canister has still to run: messages from users and from canisters, each in the order of
/// arrival, and the system's own tasks.
public final class MessageQueues extends HashedPart {
    /// Nothing to run.
    public static final MessageQueues EMPTY =
            new MessageQueues(List.of(), List.of(), false, false, false);

    private final List<Queued> ingress;
    private final List<Queued> canister;
    private final boolean timerDue;
    private final boolean lowMemoryDue;
    private final boolean ingressTurn;
    private final long ingressBytes;
    private final long canisterBytes;

    /// @param ingress users' calls, oldest first
    /// @param canister requests and responses, oldest first
    /// @param timerDue whether the global timer has gone off and its task waits
    /// @param lowMemoryDue whether the low-memory hook waits
    /// @param ingressTurn whether a user's call comes next when both kinds wait
    public MessageQueues(
            List<Queued> ingress,
            List<Queued> canister,
            boolean timerDue,
            boolean lowMemoryDue,
            boolean ingressTurn) {
        this.ingress = List.copyOf(ingress);
        this.canister = List.copyOf(canister);
        this.timerDue = timerDue;
        this.lowMemoryDue = lowMemoryDue;
        this.ingressTurn = ingressTurn;
        this.ingressBytes = bytes(this.ingress);
        this.canisterBytes = bytes(this.canister);
    }

    private static long bytes(List<Queued> queue) {
        long bytes = 0;
        for (Queued queued : queue) {
            bytes += queued.message().bytes();
        }
        return bytes;
    }

    /// A message with its hash, computed once: a long queue is hashed again at each change, its
    /// messages aren't.
    public static final class Queued {
        private final CanisterMessage message;
        private volatile @Nullable Digest digest;

        /// @param message that waits
        public Queued(CanisterMessage message) {
            this.message = message;
        }

        /// The message.
        public CanisterMessage message() {
            return message;
        }

        Digest digest() {
            Digest known = digest;
            if (known == null) {
                ByteWriter out = new ByteWriter();
                Codec.message(out, message);
                known = Sha256.of(out.toBytes());
                digest = known;
            }
            return known;
        }
    }

    /// Users' calls, oldest first.
    public List<Queued> ingress() {
        return ingress;
    }

    /// Requests and responses, oldest first.
    public List<Queued> canister() {
        return canister;
    }

    /// The bytes that users' calls count for. Derived, hence not hashed.
    public long ingressBytes() {
        return ingressBytes;
    }

    /// The bytes that requests and responses count for. Derived, hence not hashed.
    public long canisterBytes() {
        return canisterBytes;
    }

    /// Whether the global timer has gone off and its task waits.
    public boolean timerDue() {
        return timerDue;
    }

    /// Whether the low-memory hook waits.
    public boolean lowMemoryDue() {
        return lowMemoryDue;
    }

    /// Whether a user's call comes next when both kinds wait.
    public boolean ingressTurn() {
        return ingressTurn;
    }

    /// Whether there is nothing to run.
    public boolean isEmpty() {
        return ingress.isEmpty() && canister.isEmpty() && !timerDue && !lowMemoryDue;
    }

    /// Hashes of the messages in place of the messages.
    @Override
    protected void encode(ByteWriter out) {
        out.bool(timerDue).bool(lowMemoryDue).bool(ingressTurn);
        out.count(ingress.size());
        for (Queued queued : ingress) {
            out.digest(queued.digest());
        }
        out.count(canister.size());
        for (Queued queued : canister) {
            out.digest(queued.digest());
        }
    }

    void write(ByteWriter out) {
        out.bool(timerDue).bool(lowMemoryDue).bool(ingressTurn);
        write(out, ingress);
        write(out, canister);
    }

    static MessageQueues read(ByteReader in) throws MalformedException {
        boolean timerDue = in.bool();
        boolean lowMemoryDue = in.bool();
        boolean ingressTurn = in.bool();
        return new MessageQueues(list(in), list(in), timerDue, lowMemoryDue, ingressTurn);
    }

    private static void write(ByteWriter out, List<Queued> queue) {
        out.count(queue.size());
        for (Queued queued : queue) {
            Codec.message(out, queued.message());
        }
    }

    private static List<Queued> list(ByteReader in) throws MalformedException {
        int count = in.count(Codec.COUNT_MAX, 8);
        List<Queued> queue = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            queue.add(new Queued(Codec.message(in)));
        }
        return queue;
    }
}
