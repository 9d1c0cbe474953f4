package io.helix.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;

/** Reads a request's body up to a bound. */
final class BoundedBody {
    private BoundedBody() {}

    /** Refuses before the first byte when the sender says that it is too long. */
    static byte[] read(HttpServletRequest request, int max) throws IOException {
        if (request.getContentLengthLong() > max) {
            throw tooLong(max);
        }
        byte[] body = request.getInputStream().readNBytes(max + 1);
        if (body.length > max) {
            throw tooLong(max);
        }
        return body;
    }

    private static HttpFailure tooLong(int max) {
        // What remains of the body is not read, so the connection is of no further use.
        return new HttpFailure(413, "the body is longer than " + max + " bytes", Map.of("Connection", "close"));
    }
}
