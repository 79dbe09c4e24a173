package icj.types;

/// The representation-independent hash of a request's content, without its signature (interface
/// specification, "Request ids"). Two envelopes of one request differ in [EnvelopeHash] only.
public record RequestId(Digest digest) implements Comparable<RequestId> {
    @Override
    public int compareTo(RequestId other) {
        return digest.compareTo(other.digest);
    }

    @Override
    public String toString() {
        return digest.toString();
    }
}
