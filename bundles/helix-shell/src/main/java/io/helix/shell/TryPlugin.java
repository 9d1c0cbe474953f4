package io.helix.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.PluginSource.Trial;
import io.helix.api.event.EventFormat;
import java.io.IOException;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.FileCompleter;
import org.jspecify.annotations.Nullable;

/** {@code helix:plugin-test}. */
@Service
@Command(
        scope = "helix",
        name = "plugin-test",
        description = "Calls a plugin without effects, with an event or with the samples that it brings")
public final class TryPlugin extends HelixCommand {
    @Argument(index = 0, name = "name", description = "Its name, as in helix:plugins", required = true)
    @Completion(PluginNames.class)
    String name = "";

    @Option(name = "--type", description = "The agent type; the first one when absent")
    @Nullable
    String type;

    @Option(name = "--event", description = "A file of the server with an event, JSON")
    @Completion(FileCompleter.class)
    @Nullable
    String event;

    @Option(name = "--config", description = "A file of the server with a configuration, JSON")
    @Completion(FileCompleter.class)
    @Nullable
    String config;

    @Override
    void run(Screen screen) throws IOException {
        ObjectNode configuration = read(config);
        List<JsonNode> calls = control()
                .tryPlugin(
                        caller(),
                        name,
                        new Trial(
                                type,
                                read(event),
                                configuration == null ? EventFormat.json().createObjectNode() : configuration));
        if (screen.json()) {
            screen.json(calls);
            return;
        }
        for (JsonNode call : calls) {
            screen.line(call.path("type").asText() + ": " + call.path("result").asText() + ", "
                    + call.path("micros").asLong() + " us, "
                    + call.path("hostCalls").asLong() + " host calls");
            show(screen, "output", call.path("output"));
            call.path("emitted").forEach(emitted -> show(screen, "emitted", emitted));
            call.path("http").forEach(request -> show(screen, "http", request));
            call.path("kv").forEach(change -> show(screen, "kv", change));
            call.path("log").forEach(line -> show(screen, "log", line));
        }
    }

    private static void show(Screen screen, String what, JsonNode value) {
        if (!value.isNull() && !value.isMissingNode()) {
            screen.text(
                    "  %-8s %s".formatted(what, Table.visible(value.isTextual() ? value.asText() : value.toString())));
        }
    }

    private @Nullable ObjectNode read(@Nullable String file) throws IOException {
        if (file == null) {
            return null;
        }
        JsonNode node = EventFormat.parse(file(file));
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw HelixException.invalid(file + " must hold a JSON object");
    }
}
