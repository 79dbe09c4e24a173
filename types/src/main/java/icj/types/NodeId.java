package icj.types;

import icj.candid.Principal;

/// A node machine: the self-authenticating principal of its Ed25519 signing key.
public record NodeId(Principal principal) implements Comparable<NodeId> {
    @Override
    public int compareTo(NodeId other) {
        return principal.compareTo(other.principal);
    }

    @Override
    public String toString() {
        return principal.toString();
    }
}
