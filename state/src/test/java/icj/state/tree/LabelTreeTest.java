package icj.state.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.crypto.certificate.HashTree;
import icj.crypto.certificate.HashTree.Finding;
import icj.testing.Prng;
import icj.types.Blob;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

final class LabelTreeTest {
    @Test
    void digestsAreThoseOfHashTrees() {
        assertEquals(HashTree.EMPTY.digest(), LabelTree.EMPTY.digest());
        LabelTree tree =
                LabelTree.EMPTY
                        .with(path("a", "x"), text("hello"))
                        .with(path("a", "y"), text("world"))
                        .with(text("c"), LabelTree.EMPTY);
        HashTree expected =
                new HashTree.Fork(
                        new HashTree.Labeled(
                                text("a"),
                                new HashTree.Fork(
                                        new HashTree.Labeled(
                                                text("x"), new HashTree.Leaf(text("hello"))),
                                        new HashTree.Labeled(
                                                text("y"), new HashTree.Leaf(text("world"))))),
                        new HashTree.Labeled(text("c"), HashTree.EMPTY));
        assertEquals(expected.digest(), tree.digest());
        assertEquals(expected, tree.witness(List.of(List.of())));
        assertEquals(new HashTree.Pruned(tree.digest()), tree.witness(List.of()));
    }

    @Test
    void everyPathIsFoundProvedAbsentOrPruned() {
        Prng prng = Prng.fromProperty();
        for (int round = 0; round < 400; round++) {
            LabelTree tree = tree(prng, 3);
            List<List<Blob>> asked = new ArrayList<>();
            for (int i = prng.below(4); i > 0; i--) {
                asked.add(randomPath(prng));
            }
            HashTree witness = tree.witness(asked);
            assertEquals(tree.digest(), witness.digest());
            checkShape(witness);
            for (List<Blob> path : asked) {
                checkTold(tree, witness, path);
                LabelItem item = tree.get(path);
                if (item instanceof LabelTree below) {
                    // All below a requested inner node is there.
                    for (int i = 0; i < 5; i++) {
                        List<Blob> deeper = new ArrayList<>(path);
                        deeper.addAll(randomPath(prng));
                        checkTold(tree, witness, deeper);
                    }
                    assertNotNull(below.digest());
                }
            }
            for (int i = 0; i < 5; i++) {
                List<Blob> other = randomPath(prng);
                if (witness.value(other) != null) {
                    assertTrue(
                            asked.stream()
                                    .anyMatch(p ->
                                            other.size() >= p.size()
                                                            && other.subList(0, p.size()).equals(p)
                                                    || p.size() > other.size()
                                                            && p.subList(0, other.size())
                                                                    .equals(other)),
                            "only what was asked is shown");
                }
            }
        }
    }

    @Test
    void absenceIsShownByTheTwoNeighboursOnly() {
        LabelTree tree = LabelTree.EMPTY;
        for (String label : List.of("a", "c", "e", "g")) {
            tree = tree.with(path("request_status", label, "status"), text("replied"));
        }
        HashTree witness = tree.witness(List.of(path("request_status", "d")));
        assertInstanceOf(Finding.Absent.class, witness.find(path("request_status", "d")));
        assertEquals(List.of("request_status", "c", "e"), labels(witness));
        assertInstanceOf(
                Finding.Unknown.class, witness.find(path("request_status", "c", "status")));
        assertInstanceOf(Finding.Unknown.class, witness.find(path("request_status", "a")));
        assertEquals(
                List.of("request_status", "a"),
                labels(tree.witness(List.of(path("request_status", "A")))));
        assertEquals(
                List.of("request_status", "g"),
                labels(tree.witness(List.of(path("request_status", "z")))));
    }

    @Test
    void aSiblingThatIsNotNeededIsAHash() {
        // Agents misread a tree that shows the label "canister" beside "canister_ranges".
        LabelTree tree =
                LabelTree.EMPTY
                        .with(path("canister", "1", "module_hash"), text("m"))
                        .with(path("canister_ranges", "s", "1"), text("r"))
                        .with(path("time"), text("t"));
        HashTree witness = tree.witness(List.of(path("canister_ranges", "s", "1"), path("time")));
        assertEquals(List.of("canister_ranges", "s", "1", "time"), labels(witness));
    }

    @Test
    void pruningLeavesOutPartsOfARevealedSubtree() {
        LabelTree tree =
                LabelTree.EMPTY
                        .with(path("subnet", "s", "canister_ranges"), text("r"))
                        .with(path("subnet", "s", "public_key"), text("k"))
                        .with(path("subnet", "t", "canister_ranges"), text("r"))
                        .with(path("subnet", "t", "metrics"), text("m"));
        HashTree witness =
                tree.witness(
                        List.of(path("subnet")),
                        p ->
                                p.size() == 3
                                        && (p.getLast().equals(text("canister_ranges"))
                                                || p.getLast().equals(text("metrics"))));
        assertEquals(tree.digest(), witness.digest());
        assertEquals(List.of("subnet", "s", "public_key", "t"), labels(witness));
        assertInstanceOf(
                Finding.Unknown.class, witness.find(path("subnet", "s", "canister_ranges")));
        assertInstanceOf(Finding.Unknown.class, witness.find(path("subnet", "t", "metrics")));
    }

    @Test
    void removingTheLastLeafRemovesItsBranch() {
        LabelTree tree = LabelTree.EMPTY.with(path("a"), text("1"));
        LabelTree grown = tree.with(path("b", "c", "d"), text("2"));
        assertEquals(tree.digest(), grown.without(path("b", "c", "d")).digest());
        assertNull(grown.without(path("b", "c", "d")).get(text("b")));
        assertSame(grown, grown.without(path("b", "x", "d")));
        assertSame(grown, grown.with(text("a"), text("1")));
        assertEquals(text("2"), grown.subtree(text("b")).subtree(text("c")).leaf(text("d")));
    }

    private static void checkTold(LabelTree tree, HashTree witness, List<Blob> path) {
        LabelItem item = tree.get(path);
        switch (witness.find(path)) {
            case Finding.Found(HashTree found) -> {
                assertNotNull(item);
                assertEquals(item.digest(), found.digest());
                if (item instanceof LabelTree.Leaf leaf) {
                    assertEquals(new HashTree.Leaf(leaf.value()), found);
                }
            }
            case Finding.Absent _ ->
                    assertTrue(item == null || item instanceof LabelTree t && t.isEmpty());
            case Finding.Unknown _ -> throw new AssertionError("nothing is told about " + path);
        }
    }

    /// Labels increase, and no fork has an empty side.
    private static void checkShape(HashTree tree) {
        switch (tree) {
            case HashTree.Fork(HashTree left, HashTree right) -> {
                assertTrue(!(left instanceof HashTree.Empty) && !(right instanceof HashTree.Empty));
                List<Blob> siblings = new ArrayList<>();
                siblings(tree, siblings);
                for (int i = 1; i < siblings.size(); i++) {
                    assertTrue(siblings.get(i - 1).compareTo(siblings.get(i)) < 0);
                }
                checkShape(left);
                checkShape(right);
            }
            case HashTree.Labeled(Blob _, HashTree below) -> checkShape(below);
            case HashTree.Empty _, HashTree.Leaf _, HashTree.Pruned _ -> {}
        }
    }

    private static void siblings(HashTree tree, List<Blob> labels) {
        switch (tree) {
            case HashTree.Fork(HashTree left, HashTree right) -> {
                siblings(left, labels);
                siblings(right, labels);
            }
            case HashTree.Labeled(Blob label, HashTree _) -> labels.add(label);
            case HashTree.Empty _, HashTree.Leaf _, HashTree.Pruned _ -> {}
        }
    }

    private static List<String> labels(HashTree tree) {
        return switch (tree) {
            case HashTree.Fork(HashTree left, HashTree right) -> {
                List<String> both = new ArrayList<>(labels(left));
                both.addAll(labels(right));
                yield both;
            }
            case HashTree.Labeled(Blob label, HashTree below) -> {
                List<String> all = new ArrayList<>();
                all.add(new String(label.toBytes(), StandardCharsets.UTF_8));
                all.addAll(labels(below));
                yield all;
            }
            case HashTree.Empty _, HashTree.Leaf _, HashTree.Pruned _ -> List.of();
        };
    }

    private static LabelTree tree(Prng prng, int depth) {
        LabelTree tree = LabelTree.EMPTY;
        for (int i = prng.below(7); i > 0; i--) {
            tree =
                    depth == 1 || prng.chance(0.4)
                            ? tree.with(label(prng), text("value " + prng.below(5)))
                            : tree.with(label(prng), tree(prng, depth - 1));
        }
        return tree;
    }

    private static List<Blob> randomPath(Prng prng) {
        List<Blob> path = new ArrayList<>();
        for (int i = prng.below(4); i > 0; i--) {
            path.add(label(prng));
        }
        return path;
    }

    private static Blob label(Prng prng) {
        return text(prng.pick(List.of("", "a", "aa", "ab", "b", "ba", "c", "caa", "d")));
    }

    private static List<Blob> path(String... labels) {
        List<Blob> path = new ArrayList<>();
        for (String label : labels) {
            path.add(text(label));
        }
        return path;
    }

    private static Blob text(String text) {
        return Blob.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
