/// A client of the interface.
@NullMarked
package icj.agent;

import org.jspecify.annotations.NullMarked;
