package io.helix.shell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.event.EventFormat;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:start}. */
@Service
@Command(scope = "helix", name = "start", description = "Runs a recipe by hand")
public final class StartRecipe extends HelixCommand {
    @Argument(index = 0, name = "recipe", description = "Its name", required = true)
    @Completion(RecipeNames.class)
    String recipe = "";

    @Option(
            name = "--input",
            description = "name=value, the value JSON or plain text; may be repeated",
            multiValued = true)
    List<String> inputs = List.of();

    @Override
    void run(Screen screen) {
        ObjectNode given = EventFormat.json().createObjectNode();
        for (String input : inputs) {
            int equals = input.indexOf('=');
            if (equals < 1) {
                throw HelixException.invalid("--input '" + input + "' is not name=value");
            }
            given.set(input.substring(0, equals), ShellForms.value(input.substring(equals + 1)));
        }
        String id = await(control().run(caller(), profile(), recipe, given, null));
        if (screen.json()) {
            screen.json(Map.of("id", id));
        } else {
            screen.line("run " + id + "; helix:run " + id + " shows it");
        }
    }
}
