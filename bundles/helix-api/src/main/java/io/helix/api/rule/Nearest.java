package io.helix.api.rule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the word somebody probably meant, for messages about what somebody wrote. */
public final class Nearest {
    private static final int MAX_EDITS = 3;

    private Nearest() {}

    /** The nearest candidate; null when none is near. */
    public static @Nullable String to(String word, List<String> candidates) {
        String nearest = null;
        int best = Math.min(MAX_EDITS, Math.max(1, word.length() / 2)) + 1;
        for (String candidate : candidates) {
            int edits = word.length() > 2 * candidate.length() + MAX_EDITS ? best : edits(word, candidate);
            if (edits < best) {
                best = edits;
                nearest = candidate;
            }
        }
        return nearest;
    }

    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int above = row[j];
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(above, row[j - 1]) + 1, diagonal + change);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
