package icj.types;

import icj.candid.Principal;

import org.jspecify.annotations.Nullable;

/// A node machine: the self-authenticating principal of its Ed25519 signing key.
public record NodeId(Principal principal) implements Comparable<NodeId> {
    @Override
    public int compareTo(NodeId other) {
        return principal.compareTo(other.principal);
    }

    // By hand, as in Height: those of a record are made of classes that the JVM generates at each
    // start of a process.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NodeId that && principal.equals(that.principal);
    }

    @Override
    public int hashCode() {
        return principal.hashCode();
    }

    @Override
    public String toString() {
        return principal.toString();
    }
}
