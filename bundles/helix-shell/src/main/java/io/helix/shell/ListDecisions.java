package io.helix.shell;

import io.helix.api.store.Projection.AuditEntry;
import io.helix.api.store.Projection.AuditQuery;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** {@code helix:decisions}. */
@Service
@Command(scope = "helix", name = "decisions", description = "Lists decisions of the policies, newest first")
public final class ListDecisions extends HelixCommand {
    @Option(name = "--forbidden", description = "Only those that forbade")
    boolean forbidden;

    @Option(name = "--action", description = "Only of this action")
    @Nullable
    String action;

    @Option(name = "--event", description = "Only of the event with this id")
    @Nullable
    String event;

    @Option(name = "--limit", description = "At most so many")
    int limit = 20;

    @Override
    void run(Screen screen) {
        AuditQuery query = new AuditQuery(forbidden ? Boolean.FALSE : null, action, event, null, limit);
        List<AuditEntry> entries = control().audit(caller(), profile(), query).items();
        Table table = new Table("TIME (UTC)", "DECISION", "PRINCIPAL", "ACTION", "RESOURCE", "POLICIES")
                .whole("TIME (UTC)", "ACTION");
        entries.forEach(entry -> table.row(
                ShellForms.time(entry.time()),
                entry.permitted() ? "permit" : "forbid",
                entry.principal(),
                entry.action(),
                entry.resource(),
                String.join(" ", entry.policies())));
        screen.list(entries, table, "there are no decisions");
    }
}
