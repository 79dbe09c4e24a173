/// Hashes, signatures, threshold keys.
@NullMarked
package icj.crypto;

import org.jspecify.annotations.NullMarked;
