/// Bytes: the reader and writer of our own encoding, LEB128, SHA-256, representation-independent
/// hashes.
@NullMarked
package icj.wire;

import org.jspecify.annotations.NullMarked;
