package icj.state.tree;

import icj.crypto.certificate.HashTree;
import icj.types.Blob;
import icj.types.Digest;
import icj.types.Invariant;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// An immutable tree of labels with bytes at its leaves, as the Internet Computer certifies it
/// (interface.md 2): each label of a tree leads to a [Leaf] or to another tree.
///
/// Its digest is that of a hash tree whose forks are those of [SortedTrie], hence a function of the
/// content alone, and each node keeps its own: after a change only the changed path is hashed
/// again. Make a new version with the `with` methods and keep the references of subtrees and leaves
/// that did not change.
///
/// All methods may be called by any thread.
public final class LabelTree implements LabelItem {
    /// The tree without labels.
    public static final LabelTree EMPTY = new LabelTree(SortedTrie.empty(TreeHasher.INSTANCE));

    private final SortedTrie<LabelItem> items;

    private LabelTree(SortedTrie<LabelItem> items) {
        this.items = items;
    }

    /// The tree of `size` labels, at least one, that are kept elsewhere.
    public static LabelTree show(TrieSource<LabelItem> source, int size) {
        return new LabelTree(SortedTrie.show(source, TreeHasher.INSTANCE, size));
    }

    /// The digest of labels that stand together: `left` before `right`.
    public static Digest fork(Digest left, Digest right) {
        return TreeHasher.INSTANCE.fork(left, right);
    }

    /// The digest of one label and what stands below it.
    public static Digest labeled(Blob label, Digest below) {
        return TreeHasher.labeled(label, below);
    }

    /// Bytes at the end of a path.
    public static final class Leaf implements LabelItem {
        private final Blob value;
        private @Nullable Digest digest;

        /// @param value the bytes
        public Leaf(Blob value) {
            this.value = value;
        }

        /// The bytes.
        public Blob value() {
            return value;
        }

        @Override
        public Digest digest() {
            Digest known = digest;
            if (known == null) {
                known = TreeHasher.leaf(value);
                digest = known;
            }
            return known;
        }

        @Override
        public String toString() {
            return value.toString();
        }
    }

    /// The tree with this item below `label`, in place of any other.
    public LabelTree with(Blob label, LabelItem item) {
        SortedTrie<LabelItem> changed = items.with(label, item);
        return changed == items ? this : new LabelTree(changed);
    }

    /// The tree with this leaf below `label`; the same tree if equal bytes are there.
    public LabelTree with(Blob label, Blob value) {
        Blob present = leaf(label);
        return present != null && present.equals(value) ? this : with(label, new Leaf(value));
    }

    /// The tree with this leaf at the end of `path`, which has at least one label; subtrees are
    /// made, and leaves replaced, where the path needs it.
    public LabelTree with(List<Blob> path, Blob value) {
        Invariant.check(!path.isEmpty(), "A leaf has a path of at least one label");
        Blob label = path.getFirst();
        if (path.size() == 1) {
            return with(label, value);
        }
        LabelTree below = subtree(label);
        return with(
                label, (below == null ? EMPTY : below).with(path.subList(1, path.size()), value));
    }

    /// The tree without `label`.
    public LabelTree without(Blob label) {
        SortedTrie<LabelItem> changed = items.without(label);
        return changed == items ? this : new LabelTree(changed);
    }

    /// The tree without what stands at `path`, which has at least one label. Subtrees that become
    /// empty on the way are removed too.
    public LabelTree without(List<Blob> path) {
        Blob label = path.getFirst();
        if (path.size() == 1) {
            return without(label);
        }
        LabelTree below = subtree(label);
        if (below == null) {
            return this;
        }
        LabelTree changed = below.without(path.subList(1, path.size()));
        if (changed == below) {
            return this;
        }
        return changed.isEmpty() ? without(label) : with(label, changed);
    }

    /// What stands below `label`, unfolded, or null.
    public @Nullable LabelItem get(Blob label) {
        LabelItem item = items.get(label);
        return item instanceof LabelItem.Folded folded ? folded.unfold() : item;
    }

    /// What stands at `path`, or null; the empty path leads to this tree.
    public @Nullable LabelItem get(List<Blob> path) {
        LabelItem item = this;
        for (Blob label : path) {
            item = item instanceof LabelTree tree ? tree.get(label) : null;
            if (item == null) {
                return null;
            }
        }
        return item;
    }

    /// The bytes of the leaf below `label`, or null if there is none.
    public @Nullable Blob leaf(Blob label) {
        return get(label) instanceof Leaf leaf ? leaf.value() : null;
    }

    /// The tree below `label`, or null if there is none.
    public @Nullable LabelTree subtree(Blob label) {
        return get(label) instanceof LabelTree tree ? tree : null;
    }

    /// The labels with what stands below them.
    public SortedTrie<LabelItem> items() {
        return items;
    }

    /// Whether there is no label.
    public boolean isEmpty() {
        return items.isEmpty();
    }

    @Override
    public Digest digest() {
        return items.digest();
    }

    /// Which parts a witness leaves out although a requested path covers them.
    @FunctionalInterface
    public interface Pruning {
        /// Prunes nothing.
        Pruning NOTHING = _ -> false;

        /// Whether the label at the end of `path`, with all below it, is replaced by its digest.
        /// Asked for the labels below requested paths, never for the last label of a requested path
        /// itself. The list is only valid during the call.
        boolean prunes(List<Blob> path);
    }

    /// A hash tree with the same digest that shows these paths and nothing else: all that stands at
    /// the end of a path, or else the two neighbours (with what they hold pruned) of the first of
    /// its labels that is absent, or the leaf at which it stops. Labels increase strictly, and an
    /// empty tree is shown only where a subtree is empty.
    ///
    /// @param paths lists of labels; the empty one asks for everything
    public HashTree witness(List<List<Blob>> paths) {
        return witness(paths, Pruning.NOTHING);
    }

    /// As [#witness(List)], without what `pruning` names.
    public HashTree witness(List<List<Blob>> paths, Pruning pruning) {
        return new Revealer(pruning).reveal(this, paths);
    }

    @Override
    public String toString() {
        return "LabelTree(" + items.size() + " labels)";
    }
}
