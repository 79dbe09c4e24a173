package icj.crypto.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import icj.crypto.certificate.HashTree.Finding;
import icj.crypto.certificate.HashTree.Fork;
import icj.crypto.certificate.HashTree.Labeled;
import icj.crypto.certificate.HashTree.Leaf;
import icj.crypto.certificate.HashTree.Pruned;
import icj.testing.Prng;
import icj.types.Blob;
import icj.types.Digest;
import icj.wire.MalformedException;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// The examples of the interface specification, and properties.
final class HashTreeTest {
    private static final String ROOT =
            "eb5c5b2195e62d996b84c9bcc8259d19a83786a2f59e0878cec84c811f669aa0";

    private static final HashTree EXAMPLE =
            new Fork(
                    new Fork(
                            label(
                                    "a",
                                    new Fork(
                                            new Fork(label("x", leaf("hello")), HashTree.EMPTY),
                                            label("y", leaf("world")))),
                            label("b", leaf("good"))),
                    new Fork(label("c", HashTree.EMPTY), label("d", leaf("morning"))));

    private static final HashTree PRUNED =
            new Fork(
                    new Fork(
                            label(
                                    "a",
                                    new Fork(
                                            pruned(
                                                    "1b4feff9bef8131788b0c9dc6dbad6e81e524249c879e9f"
                                                        + "10f71ce3749f5a638"),
                                            label("y", leaf("world")))),
                            label(
                                    "b",
                                    pruned(
                                            "7b32ac0c6ba8ce35ac82c255fc7906f7fc130dab2a090f80fe12f9"
                                                    + "c2cae83ba6"))),
                    new Fork(
                            pruned(
                                    "ec8324b8a1f1ac16bd2e806edba78006479c9877fed4eb464a25485465af60"
                                            + "1d"),
                            label("d", leaf("morning"))));

    private static HashTree label(String name, HashTree tree) {
        return new Labeled(HashTree.label(name), tree);
    }

    private static HashTree leaf(String text) {
        return new Leaf(HashTree.label(text));
    }

    private static HashTree pruned(String hex) {
        return new Pruned(Digest.fromHex(hex));
    }

    private static Finding find(HashTree tree, String... path) {
        List<Blob> labels = new ArrayList<>();
        for (String label : path) {
            labels.add(HashTree.label(label));
        }
        return tree.find(labels);
    }

    @Test
    void theExampleHasItsRootHashWholeAndPruned() {
        assertEquals(Digest.fromHex(ROOT), EXAMPLE.digest());
        assertEquals(Digest.fromHex(ROOT), PRUNED.digest());
    }

    @Test
    void theExampleHasItsEncoding() throws Exception {
        Blob cbor =
                Blob.fromHex(
                        "8301830183024161830183018302417882034568656c6c6f810083024179820345776f726c"
                                + "6483024162820344676f6f648301830241638100830241648203476d6f726e"
                                + "696e67");
        assertEquals(cbor, EXAMPLE.encode());
        assertEquals(EXAMPLE, HashTree.decode(cbor));
        assertEquals(PRUNED, HashTree.decode(PRUNED.encode()));
    }

    @Test
    void lookupsGiveWhatTheSpecificationSays() {
        assertInstanceOf(Finding.Unknown.class, find(PRUNED, "a", "a"));
        assertEquals(new Finding.Found(leaf("world")), find(PRUNED, "a", "y"));
        assertInstanceOf(Finding.Absent.class, find(PRUNED, "a", "z"));
        assertInstanceOf(Finding.Absent.class, find(PRUNED, "aa"));
        assertInstanceOf(Finding.Absent.class, find(PRUNED, "ax"));
        assertInstanceOf(Finding.Unknown.class, find(PRUNED, "b"));
        assertInstanceOf(Finding.Unknown.class, find(PRUNED, "bb"));
        assertInstanceOf(Finding.Found.class, find(PRUNED, "d"));
        assertInstanceOf(Finding.Absent.class, find(PRUNED, "e"));
        assertInstanceOf(Finding.Absent.class, find(PRUNED, "A"));
        assertInstanceOf(Finding.Absent.class, find(PRUNED, "d", "below a leaf"));
        assertInstanceOf(Finding.Absent.class, find(EXAMPLE, "c"));
        assertInstanceOf(Finding.Absent.class, find(EXAMPLE, "c", "x"));
        assertInstanceOf(Finding.Absent.class, find(HashTree.EMPTY, "x"));
        assertInstanceOf(Finding.Unknown.class, find(pruned(ROOT), "x"));
        assertInstanceOf(
                Finding.Unknown.class, find(new Fork(pruned(ROOT), label("m", leaf("v"))), "c"));
        assertInstanceOf(
                Finding.Unknown.class, find(new Fork(label("m", leaf("v")), pruned(ROOT)), "z"));
        assertEquals(new Finding.Found(EXAMPLE), find(EXAMPLE));
    }

    @Test
    void valuesAreLeavesOnly() {
        assertEquals(HashTree.label("morning"), EXAMPLE.value(List.of(HashTree.label("d"))));
        assertNull(EXAMPLE.value(List.of(HashTree.label("a"))));
        assertNull(EXAMPLE.value(List.of(HashTree.label("c"))));
        assertNull(PRUNED.value(List.of(HashTree.label("b"))));
    }

    @Test
    void otherFormsAreMalformed() {
        for (String bad :
                List.of(
                        "80", // no kind
                        "8105", // no such kind
                        "820500",
                        "8200", // too short for its kind
                        "8101",
                        "83018100", // ends early
                        "8302008100", // label is a number
                        "820300", // contents are a number
                        "82045820", // digest missing
                        "820441aa", // short digest
                        "820358ff00", // length beyond the end
                        "810000", // bytes after the end
                        "a0",
                        "00",
                        "")) {
            assertThrows(MalformedException.class, () -> HashTree.decode(Blob.fromHex(bad)), bad);
        }
    }

    @Test
    void depthIsBounded() throws Exception {
        HashTree deep = HashTree.EMPTY;
        for (int i = 0; i < HashTree.DEPTH_MAX; i++) {
            deep = label("x", deep);
        }
        assertEquals(deep, HashTree.decode(deep.encode()));
        Blob deeper = label("x", deep).encode();
        assertThrows(MalformedException.class, () -> HashTree.decode(deeper));
        Blob bomb = Blob.fromHex("8302417a".repeat(1_000_000));
        assertThrows(MalformedException.class, () -> HashTree.decode(bomb));
    }

    @Test
    void randomTreesSurviveEncodingAndPruningKeepsTheRoot() throws Exception {
        Prng prng = Prng.fromProperty();
        for (int round = 0; round < 200; round++) {
            HashTree tree = random(prng, 7);
            assertEquals(tree, HashTree.decode(tree.encode()));
            assertEquals(tree.digest(), prune(prng, tree).digest());
        }
    }

    private static HashTree random(Prng prng, int depth) {
        return switch (prng.below(depth == 0 ? 2 : 6)) {
            case 0 -> HashTree.EMPTY;
            case 1 -> new Leaf(Blob.of(prng.bytes(prng.below(prng.chance(0.1) ? 70_000 : 300))));
            case 2, 3 -> new Fork(random(prng, depth - 1), random(prng, depth - 1));
            default -> new Labeled(Blob.of(prng.bytes(prng.below(30))), random(prng, depth - 1));
        };
    }

    private static HashTree prune(Prng prng, HashTree tree) {
        if (prng.chance(0.2)) {
            return new Pruned(tree.digest());
        }
        return switch (tree) {
            case Fork(HashTree left, HashTree right) ->
                    new Fork(prune(prng, left), prune(prng, right));
            case Labeled(Blob label, HashTree subtree) -> new Labeled(label, prune(prng, subtree));
            case HashTree.Empty _, Leaf _, Pruned _ -> tree;
        };
    }
}
