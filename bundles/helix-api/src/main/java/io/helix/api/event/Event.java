package io.helix.api.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.helix.api.HelixException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An immutable fact: a CloudEvents 1.0 envelope with JSON data. {@code source} and {@code id} together identify it.
 *
 * @param type dot separated, e.g. {@code github.issues.opened}; 1 to 255 of letters, digits, {@code . _ -}
 * @param extensions further CloudEvents attributes by name, in text form
 * @param data must not be changed by anyone; {@link MissingNode} when the event has none
 */
public record Event(
        String id,
        String source,
        String type,
        @Nullable String subject,
        Instant time,
        Map<String, String> extensions,
        JsonNode data) {

    /** Extension: how many events led to this one. Absent counts as 0. */
    public static final String DEPTH = "helixdepth";
    /** Extension: the run that emitted this event. */
    public static final String RUN = "helixrun";

    private static final int MAX_TEXT = 1024;

    public Event {
        requireText("id", id, MAX_TEXT);
        requireText("source", source, MAX_TEXT);
        requireType(type);
        if (subject != null) {
            requireText("subject", subject, MAX_TEXT);
        }
        extensions = Map.copyOf(extensions);
    }

    /** The CloudEvents identity, used for deduplication. */
    public String identity() {
        return source + "/" + id;
    }

    /** Length of the causal chain that led here; 0 for an event from outside. */
    public int depth() {
        String text = extensions.getOrDefault(DEPTH, "0");
        try {
            return Math.max(0, Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static void requireType(String type) {
        boolean wellFormed = !type.isEmpty()
                && type.length() <= 255
                && hasOnlyTypeCharacters(type)
                && !type.startsWith(".")
                && !type.endsWith(".")
                && !type.contains("..");
        if (!wellFormed) {
            throw HelixException.invalid("event type '" + shorten(type)
                    + "' is not valid: use 1 to 255 letters, digits, '.', '_' and '-', with no empty part");
        }
    }

    // Loops, since every event of a plugin is checked, and streams would take longer than the rest of it.
    private static boolean hasOnlyTypeCharacters(String type) {
        for (int i = 0; i < type.length(); i++) {
            if (!typeCharacter(type.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasControlCharacter(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c == 0x7f) {
                return true;
            }
        }
        return false;
    }

    private static boolean typeCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-';
    }

    private static void requireText(String what, String text, int max) {
        if (text.isEmpty() || text.length() > max || hasControlCharacter(text)) {
            throw HelixException.invalid("event " + what + " '" + shorten(text) + "' is not valid: 1 to " + max
                    + " characters, no control characters");
        }
    }

    private static String shorten(String text) {
        String visible = text.replaceAll("\\p{Cntrl}", "?");
        return visible.length() <= 60 ? visible : visible.substring(0, 60) + "...";
    }
}
