/// The rules of the protocol, one class each, named as the paper names them. A rule looks at the
/// pool and adds to it; [icj.consensus.Consensus] calls them until none changes anything.
@NullMarked
package icj.consensus.rule;

import org.jspecify.annotations.NullMarked;
