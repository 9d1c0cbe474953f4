package io.helix.web;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The media types that Helix reads and writes. */
final class MediaTypes {
    static final String JSON = "application/json";
    static final String PROBLEM = "application/problem+json";
    static final String YAML = "application/yaml";
    static final String EVENT = "application/cloudevents+json";
    static final String EVENTS = "application/cloudevents-batch+json";
    static final String STREAM = "text/event-stream";

    private MediaTypes() {}

    /** In lower case and without parameters; empty when there is none. */
    static String essence(@Nullable String contentType) {
        if (contentType == null) {
            return "";
        }
        int semicolon = contentType.indexOf(';');
        String essence = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        return essence.trim().toLowerCase(Locale.ROOT);
    }

    static boolean yaml(String essence) {
        return essence.equals(YAML)
                || essence.equals("application/x-yaml")
                || essence.equals("text/yaml")
                || essence.equals("text/x-yaml");
    }

    static boolean json(String essence) {
        return essence.equals(JSON) || essence.endsWith("+json");
    }

    /** Whether the first type that an Accept header names is YAML; JSON is the answer to everything else. */
    static boolean prefersYaml(@Nullable String accept) {
        return accept != null && yaml(essence(accept.split(",", 2)[0]));
    }
}
