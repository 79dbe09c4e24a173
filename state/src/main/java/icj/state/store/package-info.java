/// What a node keeps on disk: the journal of consensus and the state, both in RocksDB (R-S4, R-S5).
@NullMarked
package icj.state.store;

import org.jspecify.annotations.NullMarked;
