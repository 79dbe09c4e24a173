package icj.state.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icj.testing.Prng;
import icj.types.Blob;
import icj.types.Digest;
import icj.wire.Sha256;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

final class SortedTrieTest {
    private static final int ROUNDS = 300;

    @Test
    void behavesAsASortedMap() {
        Prng prng = Prng.fromProperty();
        for (int round = 0; round < ROUNDS; round++) {
            TreeMap<Blob, String> expected = new TreeMap<>();
            SortedTrie<String> trie = SortedTrie.empty();
            for (int step = 0; step < 60; step++) {
                Blob key = key(prng);
                if (prng.chance(0.3)) {
                    expected.remove(key);
                    trie = trie.without(key);
                } else {
                    String value = "value " + step;
                    expected.put(key, value);
                    trie = trie.with(key, value);
                }
                assertEquals(expected.size(), trie.size());
            }
            assertEquals(List.copyOf(expected.entrySet()), entries(trie));
            for (int i = 0; i < 20; i++) {
                Blob probe = key(prng);
                assertEquals(expected.get(probe), trie.get(probe));
                assertEquals(expected.floorEntry(probe), entry(trie.floor(probe)));
                assertEquals(expected.lowerEntry(probe), entry(trie.lower(probe)));
                assertEquals(expected.ceilingEntry(probe), entry(trie.ceiling(probe)));
                assertEquals(expected.higherEntry(probe), entry(trie.higher(probe)));
                assertEquals(
                        List.copyOf(expected.tailMap(probe).entrySet()), entries(trie.from(probe)));
            }
            assertEquals(expected.firstEntry(), entry(trie.first()));
            assertEquals(expected.lastEntry(), entry(trie.last()));
        }
    }

    @Test
    void anOlderVersionStaysAsItWas() {
        SortedTrie<String> old =
                SortedTrie.<String>empty().with(text("a"), "1").with(text("b"), "2");
        SortedTrie<String> changed = old.with(text("a"), "3").without(text("b"));
        assertEquals("1", old.get(text("a")));
        assertEquals("2", old.get(text("b")));
        assertEquals("3", changed.get(text("a")));
        assertNull(changed.get(text("b")));
    }

    @Test
    void aLabelThatBeginsAnotherSortsFirst() {
        SortedTrie<String> trie =
                SortedTrie.<String>empty()
                        .with(text("canister_ranges"), "2")
                        .with(Blob.of(new byte[] {'c', 0}), "0")
                        .with(text("canister"), "1")
                        .with(Blob.EMPTY, "first");
        assertEquals(List.of("first", "0", "1", "2"), values(trie));
    }

    @Test
    void theDigestDependsOnTheContentOnly() {
        Prng prng = Prng.fromProperty();
        for (int round = 0; round < ROUNDS; round++) {
            TreeMap<Blob, String> content = new TreeMap<>();
            for (int i = prng.below(40); i > 0; i--) {
                Blob key = key(prng);
                content.put(key, key.toString());
            }
            List<Blob> keys = new ArrayList<>(content.keySet());
            Digest first = null;
            for (int order = 0; order < 3; order++) {
                Collections.shuffle(keys, new Random(prng.bits()));
                SortedTrie<String> trie = SortedTrie.empty(TextHasher.COUNTING);
                for (Blob key : keys) {
                    Blob passing = key(prng);
                    trie = trie.with(passing, "passing");
                    trie.digest();
                    trie = trie.without(passing);
                    trie = trie.with(key, content.get(key));
                }
                // A key that only passed through may be one of ours.
                for (Blob key : keys) {
                    trie = trie.with(key, content.get(key));
                }
                if (first == null) {
                    first = trie.digest();
                }
                assertEquals(first, trie.digest());
                assertEquals(naive(content), first);
            }
        }
    }

    @Test
    void aChangeHashesOnePathOnly() {
        SortedTrie<String> trie = SortedTrie.empty(TextHasher.COUNTING);
        for (int i = 0; i < 1024; i++) {
            trie = trie.with(Blob.of(new byte[] {(byte) (i >> 8), (byte) i}), "v" + i);
        }
        trie.digest();
        TextHasher.COUNTING.calls = 0;
        trie.digest();
        assertEquals(0, TextHasher.COUNTING.calls);
        trie = trie.with(Blob.of(new byte[] {1, 7}), "changed");
        trie.digest();
        assertEquals(11, TextHasher.COUNTING.calls);
    }

    @Test
    void aDifferenceIsEveryChangedKeyInOrder() {
        Prng prng = Prng.fromProperty();
        for (int round = 0; round < ROUNDS; round++) {
            SortedTrie<String> before = SortedTrie.empty();
            for (int i = prng.below(40); i > 0; i--) {
                before = before.with(key(prng), new String("old"));
            }
            SortedTrie<String> after = prng.chance(0.1) ? SortedTrie.empty() : before;
            for (int i = prng.below(20); i > 0; i--) {
                Blob key = key(prng);
                after = prng.chance(0.4) ? after.without(key) : after.with(key, new String("new"));
            }
            List<String> expected = new ArrayList<>();
            TreeMap<Blob, String> union = new TreeMap<>();
            before.forEach(e -> union.put(e.key(), ""));
            after.forEach(e -> union.put(e.key(), ""));
            for (Blob key : union.keySet()) {
                if (before.get(key) != after.get(key)) {
                    expected.add(key + ":" + before.get(key) + ">" + after.get(key));
                }
            }
            List<String> actual = new ArrayList<>();
            SortedTrie.diff(before, after, (key, a, b) -> actual.add(key + ":" + a + ">" + b));
            assertEquals(expected, actual);
        }
    }

    @Test
    void theSameValueMakesNoNewTrie() {
        String value = "v";
        SortedTrie<String> trie = SortedTrie.<String>empty().with(text("a"), value);
        assertSame(trie, trie.with(text("a"), value));
        assertSame(trie, trie.without(text("b")));
        assertTrue(trie.without(text("a")).isEmpty());
    }

    /// Short keys of few symbols, so that many are equal or begin one another.
    private static Blob key(Prng prng) {
        byte[] bytes = new byte[prng.below(5)];
        byte[] symbols = {0, 1, 'a', 'b', (byte) 0x80, (byte) 0xff};
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = symbols[prng.below(symbols.length)];
        }
        return Blob.of(bytes);
    }

    private static Blob text(String text) {
        return Blob.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Map.Entry<Blob, String>> entries(
            Iterable<SortedTrie.Entry<String>> entries) {
        List<Map.Entry<Blob, String>> list = new ArrayList<>();
        entries.forEach(e -> list.add(Map.entry(e.key(), e.value())));
        return list;
    }

    private static List<String> values(SortedTrie<String> trie) {
        List<String> list = new ArrayList<>();
        trie.forEach(e -> list.add(e.value()));
        return list;
    }

    private static Map.Entry<Blob, String> entry(SortedTrie.Entry<String> entry) {
        return entry == null ? null : Map.entry(entry.key(), entry.value());
    }

    /// The digest by splitting the sorted keys at the first bit in which the outer two differ.
    private static Digest naive(TreeMap<Blob, String> content) {
        if (content.isEmpty()) {
            return TextHasher.COUNTING.empty();
        }
        List<Blob> keys = List.copyOf(content.keySet());
        return naive(keys, content);
    }

    private static Digest naive(List<Blob> keys, Map<Blob, String> content) {
        if (keys.size() == 1) {
            return TextHasher.COUNTING.entry(keys.getFirst(), content.get(keys.getFirst()));
        }
        String first = bits(keys.getFirst());
        String last = bits(keys.getLast());
        int bit = 0;
        while (first.charAt(bit) == last.charAt(bit)) {
            bit++;
        }
        int split = 0;
        while (bits(keys.get(split)).charAt(bit) == '0') {
            split++;
        }
        return TextHasher.COUNTING.fork(
                naive(keys.subList(0, split), content),
                naive(keys.subList(split, keys.size()), content));
    }

    private static String bits(Blob key) {
        StringBuilder bits = new StringBuilder();
        for (byte b : key.toBytes()) {
            bits.append('1').append(Integer.toBinaryString(0x100 | b & 0xff).substring(1));
        }
        return bits.append("000000000").toString();
    }

    private static final class TextHasher implements SortedTrie.Hasher<String> {
        static final TextHasher COUNTING = new TextHasher();
        private int calls;

        @Override
        public Digest empty() {
            return Digest.ZERO;
        }

        @Override
        public Digest entry(Blob key, String value) {
            calls++;
            return Sha256.of(new byte[] {0}, key.toBytes(), value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Digest fork(Digest left, Digest right) {
            calls++;
            return Sha256.of(new byte[] {1}, left.toBytes(), right.toBytes());
        }
    }
}
