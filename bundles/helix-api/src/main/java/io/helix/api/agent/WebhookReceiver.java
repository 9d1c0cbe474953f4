package io.helix.api.agent;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/** Answers HTTP requests for a source. Called on a thread of its own per request; may wait for an emit. */
@ConsumerType
@FunctionalInterface
public interface WebhookReceiver {
    Reply receive(Delivery delivery) throws Exception;

    /**
     * @param headers names in lower case
     * @param body the raw bytes as they came, for signatures
     */
    record Delivery(
            String method,
            Map<String, List<String>> headers,
            Map<String, List<String>> query,
            String remoteAddress,
            byte[] body) {
        /** The first value of a header, or the empty string. */
        public String header(String name) {
            List<String> values = headers.getOrDefault(name, List.of());
            return values.isEmpty() ? "" : values.get(0);
        }
    }

    /** @param detail for the sender when the status is an error: what is wrong with the request */
    record Reply(int status, String detail) {}
}
