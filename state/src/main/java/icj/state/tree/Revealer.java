package icj.state.tree;

import icj.crypto.certificate.HashTree;
import icj.types.Blob;
import icj.types.Digest;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/// Makes the hash trees of [LabelTree#witness].
final class Revealer {
    private final LabelTree.Pruning pruning;

    Revealer(LabelTree.Pruning pruning) {
        this.pruning = pruning;
    }

    /// The paths that are asked for, as a tree: what is wanted below each label.
    private static final class Wish {
        /// A path ends here: everything below is wanted.
        private boolean all;

        private final TreeMap<Blob, Wish> below = new TreeMap<>();
    }

    HashTree reveal(LabelTree tree, List<List<Blob>> paths) {
        Wish wish = new Wish();
        for (List<Blob> path : paths) {
            Wish at = wish;
            for (Blob label : path) {
                at = at.below.computeIfAbsent(label, _ -> new Wish());
            }
            at.all = true;
        }
        return tree(tree, wish, new ArrayList<>());
    }

    private HashTree item(LabelItem item, @Nullable Wish wish, List<Blob> path) {
        return switch (item) {
            case LabelTree tree -> wish == null ? pruned(tree.digest()) : tree(tree, wish, path);
            case LabelItem.Folded folded ->
                    wish == null ? pruned(folded.digest()) : tree(folded.unfold(), wish, path);
            // A leaf is shown for paths that end here and for those that would go on: they are
            // absent, which only the leaf itself proves.
            case LabelTree.Leaf leaf ->
                    wish == null ? pruned(leaf.digest()) : new HashTree.Leaf(leaf.value());
        };
    }

    private HashTree tree(LabelTree tree, Wish wish, List<Blob> path) {
        SortedTrie.Node<LabelItem> top = tree.items().top();
        if (top == null) {
            return HashTree.EMPTY;
        }
        if (wish.all) {
            return everything(top, path);
        }
        TreeSet<Blob> shown = new TreeSet<>();
        for (Blob label : wish.below.keySet()) {
            if (tree.items().has(label)) {
                shown.add(label);
            } else {
                // Absence is proved by the two labels between which it would stand.
                add(shown, tree.items().lower(label));
                add(shown, tree.items().higher(label));
            }
        }
        List<Blob> labels = List.copyOf(shown);
        return some(top, labels, wish, path);
    }

    /// The subtree with just these of its labels, ascending.
    private HashTree some(
            SortedTrie.Node<LabelItem> node, List<Blob> labels, Wish wish, List<Blob> path) {
        if (labels.isEmpty()) {
            return pruned(SortedTrie.digest(node, TreeHasher.INSTANCE));
        }
        return switch (node) {
            case SortedTrie.Shown<LabelItem> shown -> some(shown.open(), labels, wish, path);
            case SortedTrie.Entry<LabelItem> entry ->
                    labeled(entry, wish.below.get(entry.key()), path);
            case SortedTrie.Inner<LabelItem> inner -> {
                int split = 0;
                while (split < labels.size() && !TrieBits.bit(labels.get(split), inner.bit)) {
                    split++;
                }
                yield new HashTree.Fork(
                        some(inner.left, labels.subList(0, split), wish, path),
                        some(inner.right, labels.subList(split, labels.size()), wish, path));
            }
        };
    }

    /// The subtree with everything in it, but for what the caller prunes.
    private HashTree everything(SortedTrie.Node<LabelItem> node, List<Blob> path) {
        return switch (node) {
            case SortedTrie.Shown<LabelItem> shown -> everything(shown.open(), path);
            case SortedTrie.Entry<LabelItem> entry -> {
                path.add(entry.key());
                boolean prune = pruning.prunes(path);
                path.removeLast();
                if (prune) {
                    yield pruned(SortedTrie.digest(entry, TreeHasher.INSTANCE));
                }
                Wish all = new Wish();
                all.all = true;
                yield labeled(entry, all, path);
            }
            case SortedTrie.Inner<LabelItem> inner -> {
                HashTree left = everything(inner.left, path);
                HashTree right = everything(inner.right, path);
                boolean nothing =
                        left instanceof HashTree.Pruned && right instanceof HashTree.Pruned;
                yield nothing
                        ? pruned(SortedTrie.digest(inner, TreeHasher.INSTANCE))
                        : new HashTree.Fork(left, right);
            }
        };
    }

    private HashTree labeled(
            SortedTrie.Entry<LabelItem> entry, @Nullable Wish wish, List<Blob> path) {
        path.add(entry.key());
        HashTree below = item(entry.value(), wish, path);
        path.removeLast();
        return new HashTree.Labeled(entry.key(), below);
    }

    private static void add(TreeSet<Blob> labels, SortedTrie.@Nullable Entry<LabelItem> entry) {
        if (entry != null) {
            labels.add(entry.key());
        }
    }

    private static HashTree pruned(Digest digest) {
        return new HashTree.Pruned(digest);
    }
}
