/// The words of the system: ids, heights, times, digests, quorums.
@NullMarked
package icj.types;

import org.jspecify.annotations.NullMarked;
