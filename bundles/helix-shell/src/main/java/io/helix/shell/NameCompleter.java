package io.helix.shell;

import io.helix.api.HelixException;
import io.helix.api.control.ControlPlane;
import io.helix.api.document.Kind;
import java.util.List;
import java.util.Objects;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.jspecify.annotations.Nullable;

/** Completes names that the control plane lists. Completion is a courtesy, so what cannot be listed completes nothing. */
abstract class NameCompleter implements Completer {
    private static final int MOST = 200;

    @Reference
    @Nullable
    ControlPlane control;

    /** The names in a profile. */
    abstract List<String> names(ControlPlane control, Session session, String profile);

    @Override
    public final int complete(Session session, CommandLine line, List<String> candidates) {
        return new StringsCompleter(known(session, line)).complete(session, line, candidates);
    }

    private List<String> known(Session session, CommandLine line) {
        try {
            return names(Objects.requireNonNull(control), session, ProfileChoice.of(option(line), session));
        } catch (HelixException e) {
            return List.of();
        }
    }

    private static @Nullable String option(CommandLine line) {
        String[] arguments = line.getArguments();
        for (int i = 0; i + 1 < arguments.length; i++) {
            if (arguments[i].equals("--profile")) {
                return arguments[i + 1];
            }
        }
        return null;
    }

    static List<String> documents(ControlPlane control, Session session, String profile, Kind kind) {
        return control.list(control.localOperator(Operator.name(session)), profile, kind, null, MOST).items().stream()
                .map(document -> document.key().name())
                .toList();
    }
}
