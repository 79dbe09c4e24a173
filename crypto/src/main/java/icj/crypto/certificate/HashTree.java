package icj.crypto.certificate;

import icj.types.Blob;
import icj.types.Digest;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;
import icj.wire.cbor.Cbor;
import icj.wire.cbor.CborLimits;
import icj.wire.cbor.CborValue;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// A labelled tree of which parts may be replaced by their hash (interface specification,
/// "Certificate"). Labels increase strictly from left to right. Immutable.
///
/// In CBOR: `[0]` empty, `[1, left, right]` fork, `[2, label, subtree]` labelled, `[3, contents]`
/// leaf, `[4, digest]` pruned.
public sealed interface HashTree {
    /// Nothing.
    record Empty() implements HashTree {}

    /// Two trees side by side; all labels of the left one are smaller.
    record Fork(HashTree left, HashTree right) implements HashTree {}

    /// A tree under a label.
    record Labeled(Blob label, HashTree subtree) implements HashTree {}

    /// A value.
    record Leaf(Blob contents) implements HashTree {}

    /// A tree of which nothing but the digest is told.
    record Pruned(Digest digest) implements HashTree {}

    /// The tree without anything.
    HashTree EMPTY = new Empty();

    /// The deepest tree that is read: 500 nodes under one another leave room for a certificate's
    /// own levels, and recursion over them is safe on every stack.
    int DEPTH_MAX = 500;

    /// The root hash.
    default Digest digest() {
        return new TreeHasher().of(this);
    }

    /// What a tree says about a path.
    sealed interface Finding {
        /// The path leads here: a leaf, or a tree of more labels, or one that was pruned.
        record Found(HashTree tree) implements Finding {}

        /// There is no such path; the tree proves it.
        record Absent() implements Finding {}

        /// The part that would tell is pruned.
        record Unknown() implements Finding {}
    }

    /// Follows the labels of `path` from the root.
    default Finding find(List<Blob> path) {
        HashTree at = this;
        for (Blob label : path) {
            Finding step = new LabelSearch(label).in(at);
            if (!(step instanceof Finding.Found(HashTree subtree))) {
                return step;
            }
            at = subtree;
        }
        return switch (at) {
            case Pruned _ -> new Finding.Unknown();
            case Empty _ -> new Finding.Absent();
            case Fork _, Labeled _, Leaf _ -> new Finding.Found(at);
        };
    }

    /// The value at `path`; null unless it is revealed and a leaf.
    default @Nullable Blob value(List<Blob> path) {
        return find(path) instanceof Finding.Found(Leaf(Blob contents)) ? contents : null;
    }

    /// The CBOR form, without the self-describing tag.
    default Blob encode() {
        ByteWriter out = new ByteWriter();
        TreeCbor.write(out, this);
        return out.toBlob();
    }

    /// Reads the CBOR form, with or without the self-describing tag.
    ///
    /// @throws MalformedException when it is another form, or nested deeper than [#DEPTH_MAX]
    static HashTree decode(Blob cbor) throws MalformedException {
        return fromCbor(Cbor.decode(cbor, CborLimits.CERTIFICATE));
    }

    /// Reads a tree out of decoded CBOR.
    ///
    /// @throws MalformedException when it has another form, or is nested deeper than [#DEPTH_MAX]
    static HashTree fromCbor(CborValue value) throws MalformedException {
        return TreeCbor.read(value, 0);
    }

    /// The name of a path's label as bytes: ASCII letters.
    static Blob label(String name) {
        return Blob.owning(name.getBytes(StandardCharsets.UTF_8));
    }
}
