package io.helix.shell;

import io.helix.api.store.Projection.EventEntry;
import io.helix.api.store.Projection.EventQuery;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** {@code helix:events}. */
@Service
@Command(scope = "helix", name = "events", description = "Lists events, newest first")
public final class ListEvents extends HelixCommand {
    @Option(name = "--type", description = "Only types that begin with this")
    @Nullable
    String type;

    @Option(name = "--limit", description = "At most so many")
    int limit = 20;

    @Override
    void run(Screen screen) {
        List<EventEntry> events = control()
                .events(caller(), profile(), new EventQuery(type, null, limit))
                .items();
        Table table = new Table("TIME (UTC)", "TYPE", "ID", "SOURCE", "SUBJECT").whole("TIME (UTC)", "ID");
        events.forEach(event -> table.row(
                ShellForms.time(event.time()),
                event.type(),
                event.id(),
                event.source(),
                event.subject() == null ? "" : event.subject()));
        screen.list(events, table, "there are no events");
    }
}
