package io.helix.sdk.testing.bus;

import io.helix.api.event.Message;
import io.helix.api.event.Receipt;
import io.helix.api.event.StoredMessage;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The messages of one channel of one profile. Guarded by the lock of the bus. */
final class MemoryLog {
    private final TreeMap<Long, StoredMessage> messages = new TreeMap<>();
    private final Map<String, Long> ids = new HashMap<>();
    private long last;

    Receipt append(Message message, Instant now) {
        Long earlier = message.id().isEmpty() ? null : ids.get(message.id());
        if (earlier != null) {
            return new Receipt(earlier, true);
        }
        long sequence = ++last;
        if (!message.id().isEmpty()) {
            ids.put(message.id(), sequence);
        }
        messages.put(
                sequence,
                new StoredMessage(
                        message.channel(),
                        message.profile(),
                        message.route(),
                        message.id(),
                        sequence,
                        now,
                        message.headers(),
                        message.body()));
        return new Receipt(sequence, false);
    }

    @Nullable
    StoredMessage get(long sequence) {
        return messages.get(sequence);
    }

    boolean remove(long sequence) {
        return messages.remove(sequence) != null;
    }

    long last() {
        return last;
    }

    /** Oldest first, beginning with {@code sequence}. */
    Iterable<StoredMessage> from(long sequence) {
        return messages.tailMap(sequence, true).values();
    }

    int countFrom(long sequence) {
        return messages.tailMap(sequence, true).size();
    }

    List<StoredMessage> newest(@Nullable Long before, int limit) {
        var older = before == null ? messages : messages.headMap(before, false);
        return older.descendingMap().values().stream().limit(limit).toList();
    }
}
