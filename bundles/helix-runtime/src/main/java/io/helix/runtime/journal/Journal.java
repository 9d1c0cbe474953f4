package io.helix.runtime.journal;

import io.helix.api.event.Channel;
import io.helix.api.event.EventBus;
import io.helix.api.event.Message;
import io.helix.api.event.Receipt;
import io.helix.api.store.JournalEntry;
import io.helix.api.store.Projection.AuditEntry;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what happened to the log. The log is the truth; SQL follows it. */
public final class Journal {
    private static final Logger log = LoggerFactory.getLogger(Journal.class);

    private static final int TOGETHER = 500;

    private final EventBus bus;
    private final LiveFeed live;

    public Journal(EventBus bus, LiveFeed live) {
        this.bus = bus;
        this.live = live;
    }

    /** Completes when the entries are durable. {@code id}: the same entries are written once. */
    public CompletionStage<Receipt> append(String profile, String id, List<JournalEntry> entries) {
        return bus.publish(
                new Message(Channel.JOURNAL, profile, "entries", id, id, Map.of(), JournalFormat.write(entries)));
    }

    /** Shows run transitions to those who watch, as they happen. */
    public void show(String profile, JournalEntry entry) {
        live.show(
                entry instanceof JournalEntry.Decided ? "decision" : "run", profile, () -> JournalFormat.toJson(entry));
    }

    /**
     * Records a decision that is not part of a run. Does not wait: a management call must not fail because its audit
     * entry is late; the bus retries, and a loss is logged.
     */
    public void decided(String profile, AuditEntry entry) {
        decided(profile, List.of(entry));
    }

    /** Many at once are few messages: one each would fill the window of messages in flight. */
    public void decided(String profile, List<AuditEntry> entries) {
        for (int from = 0; from < entries.size(); from += TOGETHER) {
            together(profile, entries.subList(from, Math.min(entries.size(), from + TOGETHER)));
        }
    }

    private void together(String profile, List<AuditEntry> entries) {
        List<JournalEntry> decided =
                entries.stream().<JournalEntry>map(JournalEntry.Decided::new).toList();
        decided.forEach(entry -> show(profile, entry));
        append(profile, "decision-" + UUID.randomUUID(), decided).whenComplete((receipt, failure) -> {
            if (failure != null) {
                entries.forEach(entry -> lost(entry, failure));
            }
        });
    }

    private static void lost(AuditEntry entry, Throwable failure) {
        log.error(
                "audit entry lost principal={} action={} resource={} permitted={} cause={}",
                entry.principal(),
                entry.action(),
                entry.resource(),
                entry.permitted(),
                failure.getMessage());
    }
}
