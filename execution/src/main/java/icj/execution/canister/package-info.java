/// One canister in the making: the draft that a round changes, its cycles and its limits.
@NullMarked
package icj.execution.canister;

import org.jspecify.annotations.NullMarked;
