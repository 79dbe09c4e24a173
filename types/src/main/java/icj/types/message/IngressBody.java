package icj.types.message;

import icj.types.Blob;
import icj.types.EnvelopeHash;
import icj.types.RequestId;

/// One update call as it travels: what a block commits to (request id and envelope hash, R-C2) and
/// the signed envelope, the CBOR bytes that the client sent.
public record IngressBody(RequestId id, EnvelopeHash hash, Blob envelope) {}
