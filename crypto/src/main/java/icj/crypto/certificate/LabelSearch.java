package icj.crypto.certificate;

import icj.types.Blob;

import org.jspecify.annotations.Nullable;

/// Looks for one label among the siblings of a tree, from left to right. What lies between two
/// labels that stand side by side is proved absent; next to a pruned part nothing is.
final class LabelSearch {
    private final Blob label;

    /// Whether everything left of here is known to be smaller than the label.
    private boolean smallerProved = true;

    private HashTree.@Nullable Finding result;

    LabelSearch(Blob label) {
        this.label = label;
    }

    HashTree.Finding in(HashTree tree) {
        visit(tree);
        if (result != null) {
            return result;
        }
        return smallerProved ? new HashTree.Finding.Absent() : new HashTree.Finding.Unknown();
    }

    private void visit(HashTree tree) {
        if (result != null) {
            return;
        }
        switch (tree) {
            // A leaf has no labels below it, nor has nothing.
            case HashTree.Empty _, HashTree.Leaf _ -> {}
            case HashTree.Pruned _ -> smallerProved = false;
            case HashTree.Fork(HashTree left, HashTree right) -> {
                visit(left);
                visit(right);
            }
            case HashTree.Labeled(Blob here, HashTree subtree) -> {
                int order = here.compareTo(label);
                if (order == 0) {
                    result = new HashTree.Finding.Found(subtree);
                } else if (order < 0) {
                    smallerProved = true;
                } else {
                    result =
                            smallerProved
                                    ? new HashTree.Finding.Absent()
                                    : new HashTree.Finding.Unknown();
                }
            }
        }
    }
}
