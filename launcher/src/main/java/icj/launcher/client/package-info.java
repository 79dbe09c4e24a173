/// How commands talk to canisters.
@NullMarked
package icj.launcher.client;

import org.jspecify.annotations.NullMarked;
