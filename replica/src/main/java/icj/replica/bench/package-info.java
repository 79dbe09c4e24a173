/// What `ic bench` measures inside one process, on the parts that nodes are made of and without
/// network: the cost of the state's root, and canister code against other engines.
@NullMarked
package icj.replica.bench;

import org.jspecify.annotations.NullMarked;
