package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.HelixException;
import io.helix.api.agent.EventDraft;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.wasm.HostRefusal.Code;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what a guest emits in one call; it is published only when the call succeeds. */
final class EventCollector {
    private static final int MAX_EVENTS = 100;
    private static final Set<String> MEMBERS = Set.of("type", "data", "subject", "key");
    /** The CloudEvents extension for what ABI helix/1 calls the key. */
    private static final String PARTITION_KEY = "partitionkey";

    private final List<EventDraft> drafts = new ArrayList<>();

    List<EventDraft> drafts() {
        return drafts;
    }

    int add(byte[] json) throws HostRefusal {
        if (drafts.size() == MAX_EVENTS) {
            throw new HostRefusal(Code.LIMIT, "at most " + MAX_EVENTS + " events in one call");
        }
        if (json.length > EventFormat.MAX_BYTES) {
            throw new HostRefusal(Code.LIMIT, "an event is at most " + EventFormat.MAX_BYTES + " bytes long");
        }
        try {
            drafts.add(draft(EventFormat.parse(json)));
        } catch (HelixException e) {
            throw new HostRefusal(Code.INVALID, "the emitted event is not valid: " + e.message());
        }
        return 0;
    }

    private static EventDraft draft(JsonNode node) {
        if (!node.isObject()) {
            throw HelixException.invalid("it must be a JSON object");
        }
        node.fieldNames().forEachRemaining(EventCollector::requireKnown);
        String type = text(node, "type");
        String subject = text(node, "subject");
        String key = text(node, "key");
        Map<String, String> extensions = key == null ? Map.of() : Map.of(PARTITION_KEY, key);
        // Built only to be checked, here where the guest can still be told.
        Event checked = new Event(
                "checked", "checked", type == null ? "" : type, subject, Instant.EPOCH, extensions, node.path("data"));
        return new EventDraft(null, checked.type(), subject, null, extensions, checked.data());
    }

    private static void requireKnown(String member) {
        if (!MEMBERS.contains(member)) {
            throw HelixException.invalid("unknown member '" + member + "'; known are "
                    + MEMBERS.stream().sorted().toList());
        }
    }

    private static @Nullable String text(JsonNode node, String member) {
        JsonNode value = node.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw HelixException.invalid("member '" + member + "' must be a string");
        }
        return value.textValue();
    }
}
