package icj.types.artifact;

import icj.types.EnvelopeHash;
import icj.types.RequestId;

/// What a block commits to for one update call (R-C2). A request id leaves out the signature, so
/// the hash of the whole envelope stands beside it.
public record IngressRef(RequestId id, EnvelopeHash hash) {}
