package io.helix.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.event.EventFormat;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where a failure becomes an answer: a problem of RFC 9457. Logs defects, not callers' mistakes. */
final class Failures {
    static final Map<String, String> RETRY = Map.of("Retry-After", "1");

    private static final Logger LOG = LoggerFactory.getLogger("io.helix.web");

    private Failures() {}

    /** The answer to a request that failed. */
    record Refusal(int status, ObjectNode problem, Map<String, String> headers) {}

    static Refusal translate(Throwable failure, HttpServletRequest request) {
        Throwable cause = unwrap(failure);
        return switch (cause) {
            case HttpFailure refused ->
                refusal(refused.status(), String.valueOf(refused.getMessage()), request, refused.headers());
            case HelixException helix -> translate(helix, request);
            default -> defect(cause, "something inside Helix failed", request);
        };
    }

    private static Refusal translate(HelixException failure, HttpServletRequest request) {
        if (failure.kind() == ErrorKind.INTERNAL) {
            return defect(failure, failure.message(), request);
        }
        int status = status(failure, request);
        Refusal refusal =
                refusal(status, failure.message(), request, failure.kind() == ErrorKind.UNAVAILABLE ? RETRY : Map.of());
        if (!failure.problems().isEmpty()) {
            ArrayNode problems = refusal.problem().putArray("problems");
            failure.problems()
                    .forEach(problem ->
                            problems.addObject().put("where", problem.where()).put("message", problem.message()));
        }
        return refusal;
    }

    static int status(HelixException failure, HttpServletRequest request) {
        return switch (failure.kind()) {
            case INVALID -> failure.problems().isEmpty() ? 400 : 422;
            case NOT_FOUND -> 404;
            case CONFLICT -> Preconditions.given(request) ? 412 : 409;
            case FORBIDDEN -> 403;
            case UNAVAILABLE -> 503;
            case INTERNAL -> 500;
        };
    }

    private static Refusal defect(Throwable failure, String what, HttpServletRequest request) {
        String id = UUID.randomUUID().toString();
        LOG.error("{} {} failed, error {}", request.getMethod(), request.getRequestURI(), id, failure);
        Refusal refusal = refusal(500, what + "; the log of the server says more under error " + id, request, Map.of());
        refusal.problem().put("errorId", id);
        return refusal;
    }

    private static Refusal refusal(int status, String detail, HttpServletRequest request, Map<String, String> headers) {
        ObjectNode problem = EventFormat.json()
                .createObjectNode()
                .put("type", "about:blank")
                .put("title", title(status))
                .put("status", status)
                .put("detail", detail)
                .put("instance", request.getRequestURI());
        return new Refusal(status, problem, headers);
    }

    static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        boolean wrapper = failure instanceof CompletionException || failure instanceof ExecutionException;
        return wrapper && cause != null ? unwrap(cause) : failure;
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 409 -> "Conflict";
            case 412 -> "Precondition Failed";
            case 413 -> "Content Too Large";
            case 415 -> "Unsupported Media Type";
            case 422 -> "Unprocessable Content";
            case 503 -> "Service Unavailable";
            default -> status < 500 ? "Refused" : "Internal Server Error";
        };
    }
}
