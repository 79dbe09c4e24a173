package icj.state.model;

import org.jspecify.annotations.Nullable;

/// A long answer in the ingress history: kept beside the records of its bucket, with its digests,
/// so that a change of a neighbour neither copies nor hashes it.
final class LargeStatus {
    private final IngressEntry entry;
    private @Nullable DigestPair digests;

    LargeStatus(IngressEntry entry) {
        this.entry = entry;
    }

    IngressEntry.Status status() {
        return entry.status();
    }

    long answerBytes() {
        return entry.status().bytes();
    }

    /// The digests of the call.
    DigestPair digests(byte[] id) {
        DigestPair known = digests;
        if (known == null) {
            known = entry.digests(id);
            digests = known;
        }
        return known;
    }
}
