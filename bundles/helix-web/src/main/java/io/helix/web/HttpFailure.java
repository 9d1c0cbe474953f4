package io.helix.web;

import java.util.Map;

/** A refusal that only HTTP knows, such as 413. The message is for the caller. */
final class HttpFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, String> headers;

    HttpFailure(int status, String message) {
        this(status, message, Map.of());
    }

    HttpFailure(int status, String message, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.headers = Map.copyOf(headers);
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    static HttpFailure noSuchPath() {
        return new HttpFailure(404, "there is nothing at this path");
    }

    static HttpFailure onlyReading() {
        return new HttpFailure(405, "this path can only be read", Map.of("Allow", "GET, HEAD"));
    }
}
