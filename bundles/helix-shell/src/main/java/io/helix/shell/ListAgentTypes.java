package io.helix.shell;

import io.helix.api.agent.AgentDescriptor;
import java.util.List;
import java.util.Locale;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:agent-types}. */
@Service
@Command(scope = "helix", name = "agent-types", description = "Lists the agent types that plugins bring")
public final class ListAgentTypes extends HelixCommand {

    @Override
    void run(Screen screen) {
        List<AgentDescriptor> types = control().agentTypes(caller(), profile());
        Table table = new Table("TYPE", "VERSION", "KIND", "DESCRIPTION");
        types.forEach(type -> table.row(
                type.type(), type.version(), type.kind().name().toLowerCase(Locale.ROOT), type.description()));
        screen.list(types, table, "there are no agent types; drop a plugin into the directory deploy/");
    }
}
