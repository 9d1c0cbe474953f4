package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.agent.AgentKind;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a plugin says of itself in section {@code helix.manifest}.
 *
 * @param memoryPages null: as many as the operator allows
 * @param timeout null: as long as the operator allows
 */
record Manifest(
        String name,
        String version,
        List<Handler> handlers,
        Capabilities capabilities,
        @Nullable Integer memoryPages,
        @Nullable Duration timeout) {
    Manifest {
        handlers = List.copyOf(handlers);
    }

    /** @param export the function that handles an event for this type */
    record Handler(String type, AgentKind kind, String export, String description, JsonNode configSchema) {}

    /** What the plugin asks for; policies and the egress guard still have their say. */
    record Capabilities(List<String> httpHosts, boolean keyValues) {
        Capabilities {
            httpHosts = List.copyOf(httpHosts);
        }

        boolean mayCall(String host) {
            return httpHosts.stream().anyMatch(allowed -> matches(allowed, host));
        }

        private static boolean matches(String allowed, String host) {
            return allowed.equals("*")
                    || allowed.equalsIgnoreCase(host)
                    || allowed.startsWith("*.")
                            && host.regionMatches(
                                    true, host.length() - allowed.length() + 1, allowed, 1, allowed.length() - 1);
        }
    }
}
