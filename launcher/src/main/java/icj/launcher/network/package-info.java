/// The directory of one network: layout, settings, ports, keys, genesis, and what programs read of
/// it.
@NullMarked
package icj.launcher.network;

import org.jspecify.annotations.NullMarked;
