/// The management canister `aaaaa-aa`.
@NullMarked
package icj.execution.management;

import org.jspecify.annotations.NullMarked;
