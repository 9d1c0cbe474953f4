package io.helix.shell;

import io.helix.api.agent.PluginSource.Plugin;
import io.helix.api.control.ControlPlane;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;

/** Completes what exists. */
@Service
public final class PluginNames extends NameCompleter {
    @Override
    List<String> names(ControlPlane control, Session session, String profile) {
        return control.plugins(control.localOperator(Operator.name(session))).stream()
                .map(Plugin::name)
                .toList();
    }
}
