package icj.state.tree;

import icj.types.Digest;

/// What stands below a label of a [LabelTree].
public sealed interface LabelItem permits LabelTree, LabelTree.Leaf {
    /// The digest as a hash tree of the Internet Computer.
    Digest digest();
}
