package io.helix.runtime.document;

import io.helix.api.rule.Nearest;
import java.util.Collection;
import java.util.List;

/** Says what someone may have meant. */
final class Suggestion {
    private Suggestion() {}

    /** {@code  (did you mean 'recipe'?)} with a leading blank, or the empty string. */
    static String of(String written, Collection<String> known) {
        String nearest = Nearest.to(written, List.copyOf(known));
        return nearest == null ? "" : " (did you mean '" + nearest + "'?)";
    }
}
