package icj.replica;

import icj.crypto.certificate.HashTree;
import icj.types.Blob;

import java.nio.charset.StandardCharsets;

/// What a certificate reveals of the one request that it is about.
final class Revealed {
    private static final Blob REPLY = Blob.of("reply".getBytes(StandardCharsets.UTF_8));

    private Revealed() {}

    /// The leaf labelled `reply`, or null.
    static Blob reply(HashTree tree) {
        return switch (tree) {
            case HashTree.Fork(HashTree left, HashTree right) -> {
                Blob found = reply(left);
                yield found == null ? reply(right) : found;
            }
            case HashTree.Labeled(Blob label, HashTree.Leaf(Blob contents))
                    when label.equals(REPLY) ->
                    contents;
            case HashTree.Labeled labeled -> reply(labeled.subtree());
            case HashTree.Empty _, HashTree.Leaf _, HashTree.Pruned _ -> null;
        };
    }
}
