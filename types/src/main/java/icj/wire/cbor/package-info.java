/// Strict, bounded CBOR, the language of clients.
@NullMarked
package icj.wire.cbor;

import org.jspecify.annotations.NullMarked;
