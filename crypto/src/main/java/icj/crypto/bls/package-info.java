/// Threshold signatures: BLS12-381 with signatures in G1 and public keys in G2, as certificates of
/// the Internet Computer use them.
@NullMarked
package icj.crypto.bls;

import org.jspecify.annotations.NullMarked;
