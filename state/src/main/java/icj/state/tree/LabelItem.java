package icj.state.tree;

import icj.types.Digest;

/// What stands below a label of a [LabelTree].
public sealed interface LabelItem permits LabelTree, LabelTree.Leaf, LabelItem.Folded {
    /// The digest as a hash tree of the Internet Computer.
    Digest digest();

    /// A tree that is made anew whenever somebody looks into it, for the many small ones of which
    /// only the digest is needed in memory.
    non-sealed interface Folded extends LabelItem {
        /// The tree; always with the same content.
        LabelTree unfold();

        @Override
        default Digest digest() {
            return unfold().digest();
        }
    }
}
