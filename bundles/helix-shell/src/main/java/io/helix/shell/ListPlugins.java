package io.helix.shell;

import io.helix.api.agent.PluginSource.Plugin;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:plugins}. */
@Service
@Command(scope = "helix", name = "plugins", description = "Lists plugins, those that failed included")
public final class ListPlugins extends HelixCommand {

    @Override
    void run(Screen screen) {
        List<Plugin> plugins = control().plugins(caller());
        Table table = new Table("NAME", "VERSION", "FORMAT", "STATE", "TYPES", "DETAIL");
        plugins.forEach(plugin -> table.row(
                plugin.name(),
                plugin.version(),
                plugin.format(),
                plugin.state(),
                String.join(" ", plugin.types()),
                plugin.detail()));
        screen.list(plugins, table, "there are no plugins; drop one into the directory deploy/");
    }
}
