package icj.types.artifact;

import icj.types.Blob;

/// One entry of a list of signatures (R-C9).
///
/// @param signer the 0-based place among the committee's sorted members
/// @param signature Ed25519, 64 bytes
public record IndexedSignature(int signer, Blob signature) {}
