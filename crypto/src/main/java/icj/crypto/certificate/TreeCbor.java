package icj.crypto.certificate;

import icj.types.Blob;
import icj.types.Digest;
import icj.wire.ByteWriter;
import icj.wire.MalformedException;
import icj.wire.cbor.CborFields;
import icj.wire.cbor.CborValue;

import java.math.BigInteger;
import java.util.List;

/// Hash trees in CBOR.
final class TreeCbor {
    private static final int EMPTY = 0;
    private static final int FORK = 1;
    private static final int LABELED = 2;
    private static final int LEAF = 3;
    private static final int PRUNED = 4;

    private static final int MAJOR_BYTES = 0x40;
    private static final int MAJOR_ARRAY = 0x80;
    private static final int MEMBERS_MAX = 3;

    private TreeCbor() {}

    /// Written directly, since answers to clients carry trees and a detour over values would cost
    /// more than the hashes.
    static void write(ByteWriter out, HashTree tree) {
        switch (tree) {
            case HashTree.Empty _ -> node(out, 1, EMPTY);
            case HashTree.Fork(HashTree left, HashTree right) -> {
                node(out, 3, FORK);
                write(out, left);
                write(out, right);
            }
            case HashTree.Labeled(Blob label, HashTree subtree) -> {
                node(out, 3, LABELED);
                bytes(out, label.shared());
                write(out, subtree);
            }
            case HashTree.Leaf(Blob contents) -> {
                node(out, 2, LEAF);
                bytes(out, contents.shared());
            }
            case HashTree.Pruned(Digest digest) -> {
                node(out, 2, PRUNED);
                bytes(out, digest.shared());
            }
        }
    }

    private static void node(ByteWriter out, int members, int kind) {
        out.u8(MAJOR_ARRAY | members).u8(kind);
    }

    static void bytes(ByteWriter out, byte[] bytes) {
        int length = bytes.length;
        if (length < 24) {
            out.u8(MAJOR_BYTES | length);
        } else if (length <= 0xff) {
            out.u8(MAJOR_BYTES | 24).u8(length);
        } else if (length <= 0xffff) {
            out.u8(MAJOR_BYTES | 25).u16(length);
        } else {
            out.u8(MAJOR_BYTES | 26).u32(length);
        }
        out.raw(bytes);
    }

    static HashTree read(CborValue value, int depth) throws MalformedException {
        if (depth > HashTree.DEPTH_MAX) {
            throw new MalformedException(
                    "A hash tree is deeper than " + HashTree.DEPTH_MAX + " nodes");
        }
        List<CborValue> node = CborFields.asList(value, "A node of a hash tree", MEMBERS_MAX);
        int kind = kind(node);
        return switch (kind) {
            case EMPTY -> {
                members(node, 1);
                yield HashTree.EMPTY;
            }
            case FORK -> {
                members(node, 3);
                yield new HashTree.Fork(read(node.get(1), depth + 1), read(node.get(2), depth + 1));
            }
            case LABELED -> {
                members(node, 3);
                yield new HashTree.Labeled(
                        bytes(node.get(1), "The label"), read(node.get(2), depth + 1));
            }
            case LEAF -> {
                members(node, 2);
                yield new HashTree.Leaf(bytes(node.get(1), "The contents of a leaf"));
            }
            case PRUNED -> {
                members(node, 2);
                Blob digest = bytes(node.get(1), "A pruned digest");
                if (digest.length() != Digest.LENGTH) {
                    throw new MalformedException(
                            "A pruned digest in a hash tree has " + digest.length() + " bytes");
                }
                yield new HashTree.Pruned(Digest.of(digest.shared()));
            }
            default -> throw new MalformedException("A hash tree has no nodes of kind " + kind);
        };
    }

    private static int kind(List<CborValue> node) throws MalformedException {
        if (node.isEmpty()
                || !(node.getFirst() instanceof CborValue.Nat(BigInteger kind))
                || kind.bitLength() > 31) {
            throw new MalformedException("A node of a hash tree begins with its kind, 0 to 4");
        }
        return kind.intValue();
    }

    private static void members(List<CborValue> node, int count) throws MalformedException {
        if (node.size() != count) {
            throw new MalformedException(
                    "A node of a hash tree has " + node.size() + " members, not " + count);
        }
    }

    private static Blob bytes(CborValue value, String what) throws MalformedException {
        return CborFields.asBytes(value, what + " in a hash tree", Integer.MAX_VALUE);
    }
}
