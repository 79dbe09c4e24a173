/// The processes of one network: started, watched, started again, ended.
@NullMarked
package icj.launcher.supervise;

import org.jspecify.annotations.NullMarked;
