/// Who signed a client's request, and until when that holds.
@NullMarked
package icj.crypto.ingress;

import org.jspecify.annotations.NullMarked;
