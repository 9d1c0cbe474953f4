package io.helix.api.agent;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** Calls HTTP servers outside, behind the egress guard: on every redirect, and after DNS resolution. */
@ProviderType
public interface HttpCaller {
    /**
     * @throws AgentException permanent when the guard or a policy forbids the target, when the answer is too long (its
     *     cause is an {@link AnswerTooLong} then), or when the request cannot be made (its cause is an
     *     {@link IllegalArgumentException} then); retryable when the target does not answer in time
     */
    Response call(Request request) throws AgentException;

    /**
     * @param timeout of the whole call, with its redirects and the body; at most 5 minutes
     * @param followRedirects at most 5, and never from https to http; credentials headers are dropped on another host
     */
    record Request(
            String method,
            URI uri,
            Map<String, String> headers,
            byte[] body,
            Duration timeout,
            boolean followRedirects,
            int maxResponseBytes) {
        public Request {
            headers = Map.copyOf(headers);
        }
    }

    /** Why a call failed: there was more to read than the request allowed. */
    final class AnswerTooLong extends Exception {
        private static final long serialVersionUID = 1L;

        public AnswerTooLong(String message) {
            super(message);
        }
    }

    /** @param headers names in lower case */
    record Response(int status, Map<String, List<String>> headers, byte[] body) {}
}
