/// Requests of clients and batches of finalized blocks.
@NullMarked
package icj.types.message;

import org.jspecify.annotations.NullMarked;
