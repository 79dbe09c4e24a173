package icj.launcher.text;

import org.jspecify.annotations.Nullable;

import java.util.Collection;

/// The known word that somebody who typed another one probably meant.
public final class Similar {
    /// One slip for so many letters: `statsu`, `--bakcground`.
    private static final int LETTERS_A_SLIP = 3;

    /// Shorter words are near to anything.
    private static final int LETTERS_LEAST = 2;

    private Similar() {}

    /// The nearest of the known words; null when none is near.
    public static @Nullable String to(String word, Collection<String> known) {
        if (word.length() < LETTERS_LEAST) {
            return null;
        }
        String best = null;
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            int slips = distance(word, candidate);
            boolean begun = candidate.startsWith(word);
            if (begun) {
                slips = 1;
            }
            int most = (Math.min(word.length(), candidate.length()) + 1) / LETTERS_A_SLIP;
            if (slips <= most && slips < least) {
                least = slips;
                best = candidate;
            }
        }
        return best;
    }

    /// `Did you mean "status"? ` before what else there is to say, or nothing.
    public static String question(String word, Collection<String> known) {
        String near = to(word, known);
        return near == null ? "" : "Did you mean \"" + near + "\"? ";
    }

    /// Insertions, removals, replacements and swaps of neighbours that lead from one word to the
    /// other (optimal string alignment).
    private static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, from, to, i, j);
            }
        }
        return cost[from.length()][to.length()];
    }

    private static int cheapest(int[][] cost, String from, String to, int i, int j) {
        char a = Character.toLowerCase(from.charAt(i - 1));
        char b = Character.toLowerCase(to.charAt(j - 1));
        int best = cost[i - 1][j - 1] + (a == b ? 0 : 1);
        best = Math.min(best, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped =
                i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
