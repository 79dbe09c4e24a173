package icj.crypto.certificate;

import icj.types.Blob;
import icj.types.SubnetId;

/// The root subnet's word that another subnet may certify.
///
/// @param subnet which one
/// @param certificate of the root subnet, encoded; it has no delegation of its own and reveals the
///   subnet's public key and canister ranges
public record SubnetDelegation(SubnetId subnet, Blob certificate) {}
