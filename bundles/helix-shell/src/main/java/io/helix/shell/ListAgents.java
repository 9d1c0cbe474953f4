package io.helix.shell;

import io.helix.api.control.ControlPlane.AgentStatus;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:agents}. */
@Service
@Command(scope = "helix", name = "agents", description = "Lists agents and how they do")
public final class ListAgents extends HelixCommand {

    @Override
    void run(Screen screen) {
        List<AgentStatus> agents = control().agents(caller(), profile());
        Table table = new Table("NAME", "TYPE", "KIND", "STATE", "EVENTS", "FAILURES", "DETAIL");
        agents.forEach(agent -> table.row(
                agent.name(),
                agent.type(),
                agent.kind(),
                agent.state(),
                agent.events(),
                agent.failures(),
                agent.detail()));
        screen.list(agents, table, "there are no agents");
    }
}
