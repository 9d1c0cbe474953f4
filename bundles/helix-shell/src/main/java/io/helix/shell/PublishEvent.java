package io.helix.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.helix.api.control.ControlPlane.Published;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** {@code helix:publish}. */
@Service
@Command(scope = "helix", name = "publish", description = "Publishes an event")
public final class PublishEvent extends HelixCommand {
    @Argument(index = 0, name = "type", description = "Its type, e.g. shop.order.placed", required = true)
    String type = "";

    @Option(name = "--data", description = "JSON, or @file with a file of the server")
    String data = "";

    @Option(name = "--source", description = "Its source")
    String source = "helix/shell";

    @Option(name = "--subject", description = "Its subject")
    @Nullable
    String subject;

    @Option(name = "--id", description = "Its id; random when absent")
    @Nullable
    String id;

    @Override
    void run(Screen screen) throws IOException {
        Event event = new Event(
                id == null ? UUID.randomUUID().toString() : id,
                source,
                type,
                subject,
                InstantSource.system().instant(),
                Map.of(),
                data());
        Published published = await(control().publish(caller(), profile(), event));
        if (screen.json()) {
            screen.json(published);
        } else {
            screen.line("published " + published.id() + " at " + published.sequence()
                    + (published.duplicate() ? ", a duplicate" : ""));
        }
    }

    private JsonNode data() throws IOException {
        if (data.isEmpty()) {
            return MissingNode.getInstance();
        }
        return EventFormat.parse(
                data.startsWith("@") ? file(data.substring(1)) : data.getBytes(StandardCharsets.UTF_8));
    }
}
