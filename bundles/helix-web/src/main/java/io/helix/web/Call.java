package io.helix.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.control.Caller;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import io.helix.api.event.EventFormat;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through a handler.
 *
 * @param identity null on a route that needs none
 */
record Call(
        HttpServletRequest request,
        Map<String, String> parameters,
        QueryParameters query,
        @Nullable Identity identity) {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 500;
    private static final int MAX_DOCUMENTS = 16 * 1024 * 1024;

    Caller caller() {
        return Objects.requireNonNull(identity, "the route is open").caller();
    }

    String path(String name) {
        return Objects.requireNonNull(parameters.get(name), name);
    }

    String profile() {
        return path("profile");
    }

    long sequence() {
        return Long.parseLong(path("seq"));
    }

    DocumentKey document(Kind kind) {
        return new DocumentKey(profile(), kind, kind == Kind.PROFILE ? profile() : path("name"));
    }

    @Nullable
    String cursor() {
        return query.first("cursor").orElse(null);
    }

    int limit() {
        long limit = number("limit").orElse((long) DEFAULT_LIMIT);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw HelixException.invalid("limit must be 1 to " + MAX_LIMIT + ", not " + limit);
        }
        return (int) limit;
    }

    Optional<Long> number(String name) {
        return query.first(name).map(text -> {
            try {
                return Long.valueOf(text);
            } catch (NumberFormatException e) {
                throw HelixException.invalid("query parameter '" + name + "' must be a number");
            }
        });
    }

    Optional<Boolean> flag(String name) {
        return query.first(name).map(text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw HelixException.invalid("query parameter '" + name + "' must be true or false");
        });
    }

    String required(String name) {
        return query.first(name)
                .orElseThrow(() -> HelixException.invalid("query parameter '" + name + "' is required"));
    }

    byte[] body(int max) throws IOException {
        return BoundedBody.read(request, max);
    }

    /** The body as a stream of YAML or JSON documents, not yet parsed. */
    String documents() throws IOException {
        return new String(body(MAX_DOCUMENTS), StandardCharsets.UTF_8);
    }

    /** The media type of the body in lower case without its parameters; empty when there is none. */
    String mediaType() {
        return MediaTypes.essence(request.getContentType());
    }

    /** The body, which must be a JSON object. */
    ObjectNode object() throws IOException {
        JsonNode node = EventFormat.parse(body(EventFormat.MAX_BYTES));
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw HelixException.invalid("the body must be a JSON object");
    }
}
