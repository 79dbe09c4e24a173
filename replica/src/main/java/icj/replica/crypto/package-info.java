/// The keys of a node as consensus uses them.
@NullMarked
package icj.replica.crypto;

import org.jspecify.annotations.NullMarked;
