package io.helix.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.helix.api.HelixException;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The binary mode of the CloudEvents 1.0 HTTP binding: attributes in {@code ce-} headers, data in the body. */
final class EventBinding {
    private static final String PREFIX = "ce-";

    private EventBinding() {}

    static boolean binary(HttpServletRequest request) {
        return request.getHeader("ce-specversion") != null
                || request.getHeader("ce-type") != null
                || request.getHeader("ce-id") != null;
    }

    static Event read(HttpServletRequest request, String mediaType, byte[] body, Instant received) {
        Map<String, String> attributes = attributes(request);
        if (!"1.0".equals(attributes.remove("specversion"))) {
            throw HelixException.invalid("header ce-specversion must be 1.0");
        }
        String id = take(attributes, "id");
        String source = take(attributes, "source");
        String type = take(attributes, "type");
        String subject = attributes.remove("subject");
        Instant time = EventFormat.time(attributes.remove("time"), received);
        attributes.remove("dataschema");
        attributes.remove("datacontenttype");
        attributes.keySet().forEach(EventFormat::extensionName);
        return new Event(id, source, type, subject, time, attributes, data(mediaType, body));
    }

    private static Map<String, String> attributes(HttpServletRequest request) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (String header : Collections.list(request.getHeaderNames())) {
            String name = header.toLowerCase(Locale.ROOT);
            if (name.startsWith(PREFIX)) {
                attributes.put(name.substring(PREFIX.length()), decode(name, request.getHeader(header)));
            }
        }
        return attributes;
    }

    private static String take(Map<String, String> attributes, String name) {
        String value = attributes.remove(name);
        if (value == null) {
            throw HelixException.invalid("header ce-" + name + " is required");
        }
        return value;
    }

    /** As the binding says: a quoted value loses its quotes and backslashes, then percent escapes are decoded. */
    static String decode(String name, @Nullable String value) {
        String text = value == null ? "" : value.trim();
        if (text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")) {
            text = text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1");
        }
        return PercentCoding.decode(text)
                .orElseThrow(() -> HelixException.invalid("header " + name + " has a broken percent escape"));
    }

    private static JsonNode data(String mediaType, byte[] body) {
        if (body.length == 0) {
            return MissingNode.getInstance();
        }
        if (mediaType.isEmpty() || MediaTypes.json(mediaType)) {
            return EventFormat.parse(body);
        }
        if (mediaType.startsWith("text/")) {
            return TextNode.valueOf(new String(body, StandardCharsets.UTF_8));
        }
        throw new HttpFailure(415, "events carry JSON or text, not " + mediaType);
    }
}
