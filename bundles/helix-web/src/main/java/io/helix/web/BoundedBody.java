package io.helix.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Reads a request's body up to a bound. */
final class BoundedBody {
    /** A sender that is still sending sees a closed connection, not the refusal; so this much more is read and dropped. */
    private static final int PATIENCE = 8 * 1024 * 1024;

    private static final int SMALL = 64 * 1024;

    private BoundedBody() {}

    /** Refuses before the first byte when the sender says that it is far too long. */
    static byte[] read(HttpServletRequest request, int max) throws IOException {
        long announced = request.getContentLengthLong();
        if (announced > max) {
            throw tooLong(request, max, announced <= PATIENCE);
        }
        byte[] body = request.getInputStream().readNBytes(max + 1);
        if (body.length > max) {
            throw tooLong(request, max, true);
        }
        return body;
    }

    private static HttpFailure tooLong(HttpServletRequest request, int max, boolean drop) throws IOException {
        if (drop) {
            drop(request.getInputStream(), PATIENCE);
        }
        return new HttpFailure(413, "the body is longer than " + max + " bytes", Map.of("Connection", "close"));
    }

    /** Reads what a refused request still sends, when it is little, so that the sender sees the answer. */
    static void dropRest(HttpServletRequest request) throws IOException {
        if (request.getContentLengthLong() <= SMALL) {
            drop(request.getInputStream(), SMALL);
        }
    }

    private static void drop(InputStream body, int most) throws IOException {
        byte[] buffer = new byte[8192];
        int dropped = 0;
        int read = body.read(buffer);
        while (read >= 0 && dropped < most) {
            dropped += read;
            read = body.read(buffer);
        }
    }
}
