package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.AgentKind;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a plugin says of itself in section {@code helix.manifest}. */
record Manifest(
        String name,
        String version,
        String description,
        List<Handler> handlers,
        Capabilities capabilities,
        LimitsWanted limits,
        Encoding encoding,
        List<Sample> samples) {
    Manifest {
        handlers = List.copyOf(handlers);
        samples = List.copyOf(samples);
    }

    /**
     * @param export the function that handles an event for this type
     * @param wake of a source: how often it is woken unless its configuration says so; null for never
     * @param takesRequests of a source: whether HTTP requests wake it
     */
    record Handler(
            String type,
            AgentKind kind,
            String export,
            String description,
            JsonNode configSchema,
            @Nullable Duration wake,
            boolean takesRequests) {}

    /** What the plugin asks for; policies and the egress guard still have their say. */
    record Capabilities(
            List<String> httpHosts,
            boolean keyValues,
            List<String> credentials,
            @Nullable List<String> eventTypes) {
        static final Capabilities NONE = new Capabilities(List.of(), false, List.of(), List.of());

        Capabilities {
            httpHosts = List.copyOf(httpHosts);
            credentials = List.copyOf(credentials);
            eventTypes = eventTypes == null ? null : List.copyOf(eventTypes);
        }

        boolean mayCall(String host) {
            return httpHosts.stream().anyMatch(allowed -> matchesHost(allowed, host));
        }

        boolean mayUse(String credential) {
            return matchesAny(credentials, credential);
        }

        boolean mayEmit(String type) {
            return eventTypes == null || matchesAny(eventTypes, type);
        }

        private static boolean matchesAny(List<String> patterns, String name) {
            for (String allowed : patterns) {
                if (begins(allowed, name)) {
                    return true;
                }
            }
            return false;
        }

        private static boolean begins(String allowed, String name) {
            return allowed.endsWith("*")
                    ? name.startsWith(allowed.substring(0, allowed.length() - 1))
                    : name.equals(allowed);
        }

        private static boolean matchesHost(String allowed, String host) {
            return allowed.equals("*")
                    || allowed.equalsIgnoreCase(host)
                    || allowed.startsWith("*.")
                            && host.regionMatches(
                                    true, host.length() - allowed.length() + 1, allowed, 1, allowed.length() - 1);
        }
    }

    /** An input to try the plugin with. @param type of the agent */
    record Sample(String type, JsonNode event, ObjectNode config) {}
}
