/// The replicated state.
@NullMarked
package icj.state.model;

import org.jspecify.annotations.NullMarked;
