/// Sorted trees whose shape and digest depend on their content only (R-S2).
@NullMarked
package icj.state.tree;

import org.jspecify.annotations.NullMarked;
