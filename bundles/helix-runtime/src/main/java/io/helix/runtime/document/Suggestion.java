package io.helix.runtime.document;

import java.util.Collection;
import java.util.Optional;

/** Finds what someone may have meant. */
final class Suggestion {
    private Suggestion() {}

    /** {@code  (did you mean 'recipe'?)} with a leading blank, or the empty string. */
    static String of(String written, Collection<String> known) {
        return nearest(written, known).map(k -> " (did you mean '" + k + "'?)").orElse("");
    }

    private static Optional<String> nearest(String written, Collection<String> known) {
        String best = null;
        int bestDistance = Math.max(1, written.length() / 3) + 1;
        for (String candidate : known) {
            int distance = distance(written, candidate);
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Levenshtein distance; inputs are names, so the quadratic cost is small. */
    private static int distance(String a, String b) {
        if (a.length() > 100 || b.length() > 100) {
            return Integer.MAX_VALUE;
        }
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
