package io.helix.shell;

import io.helix.api.control.ControlPlane;
import io.helix.api.document.Kind;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;

/** Completes what exists. */
@Service
public final class RecipeNames extends NameCompleter {
    @Override
    List<String> names(ControlPlane control, Session session, String profile) {
        return documents(control, session, profile, Kind.RECIPE);
    }
}
