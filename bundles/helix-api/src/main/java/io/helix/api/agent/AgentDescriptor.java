package io.helix.api.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.HelixException;
import java.util.regex.Pattern;

/**
 * What an agent type says of itself.
 *
 * @param type e.g. {@code http.request}: lower-case words joined by dots
 * @param version {@code major.minor.patch}; recipes pin the major
 * @param description one sentence
 * @param configSchema JSON Schema (2020-12) of the configuration: an object schema. Must not be changed
 */
public record AgentDescriptor(String type, String version, AgentKind kind, String description, JsonNode configSchema) {
    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9-]*(\\.[a-z0-9][a-z0-9-]*)*");
    private static final Pattern VERSION = Pattern.compile("\\d{1,6}\\.\\d{1,6}\\.\\d{1,6}");

    public AgentDescriptor {
        if (type.length() > 100 || !TYPE.matcher(type).matches()) {
            throw HelixException.invalid(
                    "agent type '" + type + "' is not valid: use lower-case words joined by dots, e.g. http.request");
        }
        if (!VERSION.matcher(version).matches()) {
            throw HelixException.invalid(
                    "version '" + version + "' of agent type '" + type + "' is not major.minor.patch");
        }
    }

    public int major() {
        return Integer.parseInt(version.substring(0, version.indexOf('.')));
    }
}
