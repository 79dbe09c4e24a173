package icj.types;

/// SHA-256 of the bytes of a signed envelope as the client sent them (R-C2).
public record EnvelopeHash(Digest digest) implements Comparable<EnvelopeHash> {
    @Override
    public int compareTo(EnvelopeHash other) {
        return digest.compareTo(other.digest);
    }

    @Override
    public String toString() {
        return digest.toString();
    }
}
