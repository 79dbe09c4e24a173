package icj.crypto.bls;

import icj.types.Blob;

/// What one member contributes to a threshold signature; not checked.
///
/// @param signer the member's share index, from 1: its place in the subnet record's sorted members
/// @param signature 48 bytes, a compressed point of G1, if it is well formed
public record SignatureShare(int signer, Blob signature) {}
