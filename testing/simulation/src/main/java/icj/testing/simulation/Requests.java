package icj.testing.simulation;

import icj.testing.Prng;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.EnvelopeHash;
import icj.types.RequestId;
import icj.types.message.IngressBody;
import icj.wire.ByteReader;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;
import icj.wire.Sha256;

import java.util.ArrayList;
import java.util.List;

/// The clients: requests with an expiry, some of them sent again later, some with another
/// signature.
final class Requests {
    /// How long a request may live beyond a block's time (R-C7).
    static final long TTL_NANOS = 300_000_000_000L;

    private static final int REMEMBERED_MAX = 200;

    private final Prng random;
    private final List<IngressBody> sent = new ArrayList<>();

    Requests(Prng random) {
        this.random = random;
    }

    /// A new request.
    IngressBody fresh(long wallNanos) {
        Digest id = Digest.owning(random.bytes(Digest.LENGTH));
        long expiry = wallNanos + random.between(2_000_000_000L, 120_000_000_000L);
        IngressBody body = body(id, expiry);
        if (sent.size() == REMEMBERED_MAX) {
            sent.set(random.below(REMEMBERED_MAX), body);
        } else {
            sent.add(body);
        }
        return body;
    }

    private IngressBody body(Digest id, long expiry) {
        byte[] filler = random.bytes(random.below(60));
        Blob envelope = new ByteWriter().digest(id).u64(expiry).blob(filler).toBlob();
        EnvelopeHash hash = new EnvelopeHash(Sha256.of(envelope.shared()));
        return new IngressBody(new RequestId(id), hash, envelope);
    }

    /// An old request, at times in a new envelope.
    IngressBody again(long wallNanos) {
        if (sent.isEmpty()) {
            return fresh(wallNanos);
        }
        IngressBody old = random.pick(sent);
        return random.chance(0.5) ? old : body(old.id().digest(), expiry(old));
    }

    static long expiry(IngressBody body) {
        try {
            ByteReader in = new ByteReader(body.envelope());
            if (!in.digest().equals(body.id().digest())) {
                throw new Broken("A body of another request");
            }
            return in.u64();
        } catch (MalformedException e) {
            throw new Broken("A damaged body", e);
        }
    }
}
