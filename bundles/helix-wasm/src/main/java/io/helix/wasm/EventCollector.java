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
    private static final Set<String> MEMBERS = Set.of("type", "data", "subject", "key", "id", "time");
    /** The CloudEvents extension for what ABI helix/1 calls the key. */
    private static final String PARTITION_KEY = "partitionkey";

    /** Asked before an event is taken, so that the guest can still be told. */
    interface Policies {
        /** @throws HelixException FORBIDDEN */
        void requireEmit(String type, int bytes);
    }

    private final Terms terms;
    private final Policies policies;
    private final List<EventDraft> drafts = new ArrayList<>();
    private int bytes;

    EventCollector(Terms terms, Policies policies) {
        this.terms = terms;
        this.policies = policies;
    }

    List<EventDraft> drafts() {
        return drafts;
    }

    int add(byte[] document) throws HostRefusal {
        if (drafts.size() == terms.limits().events()) {
            throw HostRefusal.over(Bound.EVENTS, "at most " + terms.limits().events() + " events in one call");
        }
        if (bytes + document.length > terms.limits().eventBytes()) {
            throw HostRefusal.over(
                    Bound.EVENT_BYTES,
                    "the events of one call have at most " + terms.limits().eventBytes() + " bytes together");
        }
        EventDraft draft = read(document);
        if (!terms.capabilities().mayEmit(draft.type())) {
            throw HostRefusal.notAsked("publishEvent", "EventType", draft.type(), "emit of " + draft.type());
        }
        policies.requireEmit(draft.type(), document.length);
        bytes += document.length;
        drafts.add(draft);
        return 0;
    }

    private EventDraft read(byte[] document) throws HostRefusal {
        try {
            return draft(terms.encoding().read(document));
        } catch (HelixException e) {
            throw new HostRefusal(Code.INVALID, "the emitted event is not valid: " + e.message());
        }
    }

    private static EventDraft draft(JsonNode node) {
        if (!node.isObject()) {
            throw HelixException.invalid("it must be an object");
        }
        node.fieldNames().forEachRemaining(EventCollector::requireKnown);
        String type = text(node, "type");
        String subject = text(node, "subject");
        String key = text(node, "key");
        String id = text(node, "id");
        String time = text(node, "time");
        Map<String, String> extensions = key == null ? Map.of() : Map.of(PARTITION_KEY, key);
        Instant at = time == null ? null : EventFormat.time(time, Instant.EPOCH);
        // Built only to be checked, here where the guest can still be told.
        Event checked = new Event(
                id == null ? "checked" : id,
                "checked",
                type == null ? "" : type,
                subject,
                at == null ? Instant.EPOCH : at,
                extensions,
                node.path("data"));
        return new EventDraft(id, checked.type(), subject, at, extensions, checked.data());
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
