package io.helix.runtime.journal;

import io.helix.api.HelixException;
import io.helix.api.event.Channel;
import io.helix.api.event.Event;
import io.helix.api.event.EventBus;
import io.helix.api.event.EventBus.Subscription;
import io.helix.api.event.EventFormat;
import io.helix.api.event.StoredMessage;
import io.helix.api.store.JournalEntry;
import io.helix.api.store.Projection;
import io.helix.api.store.Projection.EventEntry;
import io.helix.runtime.memory.Tick;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps SQL in step with the log, in batches. */
public final class Projector {
    private static final Logger log = LoggerFactory.getLogger(Projector.class);
    private static final int BATCH = 500;

    private final EventBus bus;
    private final Projection projection;

    public Projector(EventBus bus, Projection projection) {
        this.bus = bus;
        this.projection = projection;
    }

    public Subscription projectJournal(String profile) {
        return bus.consumeInOrder(Channel.JOURNAL, profile, "projection", BATCH, batch -> project(profile, batch));
    }

    public Subscription indexEvents(String profile) {
        return bus.consumeInOrder(Channel.EVENTS, profile, "index", BATCH, batch -> index(profile, batch));
    }

    private void project(String profile, List<StoredMessage> batch) {
        long projected = projection.journalSequence(profile);
        List<JournalEntry> entries = new ArrayList<>();
        for (StoredMessage message : batch) {
            if (message.sequence() > projected) {
                entries.addAll(read(message));
            }
        }
        projection.project(profile, batch.getLast().sequence(), entries);
    }

    private static List<JournalEntry> read(StoredMessage message) {
        try {
            return JournalFormat.read(message.body());
        } catch (HelixException | IllegalArgumentException | java.time.format.DateTimeParseException e) {
            log.error(
                    "journal entry cannot be read and is left out of SQL profile={} sequence={} cause={}",
                    message.profile(),
                    message.sequence(),
                    e.getMessage());
            return List.of();
        }
    }

    private void index(String profile, List<StoredMessage> batch) {
        List<EventEntry> entries = new ArrayList<>();
        for (StoredMessage message : batch) {
            if (Tick.is(message)) {
                continue;
            }
            try {
                Event event = EventFormat.read(message.body(), message.stored());
                entries.add(new EventEntry(
                        message.sequence(),
                        event.id(),
                        event.source(),
                        event.type(),
                        event.subject(),
                        event.time(),
                        message.body().length));
            } catch (HelixException e) {
                log.warn(
                        "event is not indexed profile={} sequence={} cause={}",
                        profile,
                        message.sequence(),
                        e.message());
            }
        }
        projection.index(profile, batch.getLast().sequence(), entries);
    }
}
