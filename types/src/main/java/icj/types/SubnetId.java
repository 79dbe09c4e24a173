package icj.types;

import icj.candid.Principal;

/// A subnet: the self-authenticating principal of its threshold public key.
public record SubnetId(Principal principal) implements Comparable<SubnetId> {
    @Override
    public int compareTo(SubnetId other) {
        return principal.compareTo(other.principal);
    }

    @Override
    public String toString() {
        return principal.toString();
    }
}
