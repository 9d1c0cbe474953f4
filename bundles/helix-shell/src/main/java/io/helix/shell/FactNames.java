package io.helix.shell;

import io.helix.api.control.ControlPlane;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;

/** Completes what is set. */
@Service
public final class FactNames extends NameCompleter {
    @Override
    List<String> names(ControlPlane control, Session session, String profile) {
        return control.facts(control.localOperator(Operator.name(session)), profile).stream()
                .map(ControlPlane.Fact::name)
                .toList();
    }
}
