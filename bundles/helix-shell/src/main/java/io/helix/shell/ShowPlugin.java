package io.helix.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:plugin-info}. */
@Service
@Command(
        scope = "helix",
        name = "plugin-info",
        description = "Shows a plugin: what it may do, its limits, and what became of its calls")
public final class ShowPlugin extends HelixCommand {
    @Argument(index = 0, name = "name", description = "Its name, as in helix:plugins", required = true)
    @Completion(PluginNames.class)
    String name = "";

    @Override
    void run(Screen screen) {
        ObjectNode plugin = control().plugin(caller(), name);
        if (screen.json()) {
            screen.json(plugin);
            return;
        }
        for (Map.Entry<String, JsonNode> entry : plugin.properties()) {
            String value = words(entry.getValue());
            if (!value.isEmpty()) {
                screen.text("%-14s %s".formatted(entry.getKey(), Table.visible(value)));
            }
        }
    }

    private static String words(JsonNode value) {
        List<String> words = new ArrayList<>();
        if (value.isObject()) {
            value.properties().forEach(entry -> words.add(entry.getKey() + "=" + words(entry.getValue())));
        } else if (value.isArray()) {
            value.forEach(item -> words.add(item.isObject() ? words(item) : item.asText()));
            return String.join(", ", words);
        } else {
            return value.asText();
        }
        return String.join("  ", words);
    }
}
