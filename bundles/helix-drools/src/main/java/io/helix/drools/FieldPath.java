package io.helix.drools;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.event.Event;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where in an event a slot gets its values from. */
final class FieldPath {
    private final String attribute;
    private final String[] below;

    FieldPath(List<String> steps) {
        this.attribute = steps.isEmpty() ? "" : steps.get(0);
        this.below = steps.stream().skip(1).toArray(String[]::new);
    }

    void read(Event event, Slot slot) {
        switch (attribute) {
            case "data" -> data(event, slot);
            case "id" -> text(event.id(), slot);
            case "source" -> text(event.source(), slot);
            case "type" -> text(event.type(), slot);
            case "subject" -> text(event.subject(), slot);
            case "time" -> text(event.time().toString(), slot);
            default -> text(event.extensions().get(attribute), slot);
        }
    }

    private void text(@Nullable String value, Slot slot) {
        if (value != null && below.length == 0) {
            slot.add(value);
        }
    }

    private void data(Event event, Slot slot) {
        JsonNode node = event.data();
        for (int i = 0; i < below.length && node != null; i++) {
            if (node.isArray()) {
                elements(node, i, slot);
                return;
            }
            node = node.get(below[i]);
        }
        if (node == null || node.isMissingNode()) {
            return;
        }
        if (node.isArray()) {
            elements(node, below.length, slot);
        } else {
            slot.add(node);
        }
    }

    /** Visits arrays with a stack of its own: how deep they nest is decided by whoever sent the event. */
    private void elements(JsonNode array, int firstStep, Slot slot) {
        ArrayDeque<Cursor> open = new ArrayDeque<>();
        open.push(new Cursor(array.elements(), firstStep));
        while (!open.isEmpty()) {
            Cursor cursor = open.peek();
            if (!cursor.elements.hasNext()) {
                open.pop();
                continue;
            }
            JsonNode node = cursor.elements.next();
            int step = cursor.step;
            while (node != null && step < below.length && !node.isArray()) {
                node = node.get(below[step]);
                step++;
            }
            if (node != null && node.isArray()) {
                open.push(new Cursor(node.elements(), step));
            } else if (node != null && !node.isMissingNode()) {
                slot.add(node);
            }
        }
    }

    private record Cursor(Iterator<JsonNode> elements, int step) {}
}
