package io.helix.shell;

import io.helix.api.HelixException;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import java.util.List;
import java.util.Locale;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes and reads the kinds of documents. */
@Service
public final class KindWords implements Completer {
    private static final List<String> WORDS = List.of("agent", "policy", "profile", "recipe", "rule");

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        return new StringsCompleter(WORDS).complete(session, line, candidates);
    }

    static DocumentKey key(String profile, String word, String name) {
        Kind kind = kind(word);
        return new DocumentKey(kind == Kind.PROFILE ? name : profile, kind, name);
    }

    /** Takes {@code rule}, {@code rules} and {@code Rule}. */
    static Kind kind(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        for (Kind kind : Kind.values()) {
            if (kind.plural().equals(lower)
                    || kind.word().toLowerCase(Locale.ROOT).equals(lower)) {
                return kind;
            }
        }
        throw HelixException.invalid("'" + word + "' is no kind: use " + String.join(", ", WORDS));
    }
}
