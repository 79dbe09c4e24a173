package icj.crypto.ingress;

import icj.candid.Principal;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Whether an envelope's signatures hold. It depends on nothing but the envelope and the time, so
/// it may be kept with the envelope's hash (R-C7).
public sealed interface Verdict {
    /// They hold.
    ///
    /// @param untilNanos the last moment at which they do: the least of the delegations'
    ///   expirations and the request's expiry, unsigned nanoseconds since 1970
    /// @param targets the canisters that the delegations allow, sorted, or null when they allow
    ///   all; whoever answers a read of a request's status must look whether its receiver is among
    ///   them
    /// @param queriesOnly whether a delegation forbids updates
    record Valid(long untilNanos, @Nullable List<Principal> targets, boolean queriesOnly)
            implements Verdict {
        /// Copies the list.
        public Valid {
            targets = targets == null ? null : List.copyOf(targets);
        }

        /// Whether the delegations allow this canister; the management canister is the empty
        /// principal.
        public boolean allows(Principal canister) {
            return targets == null || targets.contains(canister);
        }
    }

    /// They don't.
    ///
    /// @param reason a sentence fit for an answer 403
    record Invalid(String reason) implements Verdict {}
}
