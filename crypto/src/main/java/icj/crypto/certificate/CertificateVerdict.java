package icj.crypto.certificate;

import icj.candid.Principal;
import icj.types.SubnetId;

import org.jspecify.annotations.Nullable;

/// What became of a certificate.
public sealed interface CertificateVerdict {
    /// The certificate stands.
    ///
    /// @param subnet who certified
    /// @param timeNanos the subnet's time in it, unsigned nanoseconds since 1970
    /// @param ranges the canisters the subnet may speak for, or null for the root subnet, which is
    ///   not bound by a delegation
    record Valid(SubnetId subnet, long timeNanos, @Nullable CanisterRanges ranges)
            implements CertificateVerdict {
        /// Whether the subnet may speak for this canister. A caller that asked about one must ask
        /// this too.
        public boolean covers(Principal canister) {
            return ranges == null || ranges.contains(canister);
        }
    }

    /// The certificate does not stand.
    ///
    /// @param reason a sentence
    record Invalid(String reason) implements CertificateVerdict {}
}
