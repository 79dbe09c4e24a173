package icj.launcher.bench;

import icj.agent.Identity;
import icj.candid.Principal;
import icj.types.Blob;
import icj.types.CanisterId;
import icj.types.message.Envelope;
import icj.types.message.RequestContent;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/// Requests signed before they are wanted. When they run out, or the next one is about to expire,
/// one is signed on the spot and counted. For one thread at a time.
final class SignedRequests {
    /// What a request says but for its number and expiry.
    @FunctionalInterface
    interface Template {
        /// The content.
        ///
        /// @param expiryNanos nanoseconds since 1970
        RequestContent content(long number, long expiryNanos);
    }

    /// More would take memory that the nodes need: about 700 bytes each.
    static final int BEFOREHAND_MAX = 240_000;

    /// Below the five minutes that nodes allow, for clocks that differ.
    private static final long EXPIRY_NANOS = 270_000_000_000L;

    /// A request is not sent so shortly before its expiry.
    private static final long EXPIRY_MARGIN_NANOS = 60_000_000_000L;

    private record Signed(LoadRequest request, long expiryNanos) {}

    private final Identity identity;
    private final Template template;
    private final ArrayDeque<Signed> ready = new ArrayDeque<>();
    private final boolean again;
    private long nextNumber;
    private long late;

    /// @param again whether a request may be sent more than once: queries may
    SignedRequests(Identity identity, Template template, boolean again) {
        this.identity = identity;
        this.template = template;
        this.again = again;
    }

    /// Updates that mark a number each.
    static SignedRequests marks(Identity identity, CanisterId canister, boolean apart) {
        Principal sender = identity.sender();
        return new SignedRequests(
                identity,
                (number, expiry) ->
                        new RequestContent.Call(
                                sender,
                                expiry,
                                null,
                                canister,
                                apart ? "mark_apart" : "mark",
                                LoadCanister.arguments(number)),
                false);
    }

    /// Queries for the number marked last, told apart by their nonces.
    static SignedRequests queries(Identity identity, CanisterId canister) {
        Principal sender = identity.sender();
        Blob arguments = LoadCanister.arguments();
        return new SignedRequests(
                identity,
                (number, expiry) ->
                        new RequestContent.Query(
                                sender,
                                expiry,
                                Blob.owning(
                                        ByteBuffer.allocate(Long.BYTES).putLong(number).array()),
                                canister,
                                "last",
                                arguments),
                true);
    }

    /// Signs so many more beforehand.
    SignedRequests sign(int count) {
        for (int i = 0; i < Math.min(count, BEFOREHAND_MAX); i++) {
            ready.add(make());
        }
        return this;
    }

    /// The next one.
    LoadRequest next() {
        Signed signed = ready.poll();
        if (signed != null && signed.expiryNanos - nowNanos() > EXPIRY_MARGIN_NANOS) {
            if (again) {
                ready.add(signed);
            }
            return signed.request;
        }
        // Those behind it are as old.
        ready.clear();
        late++;
        return make().request;
    }

    /// How many had to be signed when they were wanted.
    long signedLate() {
        return late;
    }

    private Signed make() {
        long number = nextNumber++;
        long expiry = nowNanos() + EXPIRY_NANOS;
        Envelope envelope = identity.sign(template.content(number, expiry));
        return new Signed(
                new LoadRequest(number, envelope.id(), envelope.bytes().shared()), expiry);
    }

    private static long nowNanos() {
        return System.currentTimeMillis() * 1_000_000;
    }
}
