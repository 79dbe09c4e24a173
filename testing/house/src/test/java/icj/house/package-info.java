/// The repository checks itself.
@NullMarked
package icj.house;

import org.jspecify.annotations.NullMarked;
