package io.helix.web;

import io.helix.api.Names;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One method of one path.
 *
 * @param template below {@code /api/v1}; {@code {profile}} and {@code {name}} take names, {@code {seq}} takes a number,
 *     other parameters take any segment
 * @param open whether it is answered without an API key
 */
record Route(String method, String template, boolean open, Handler handler) {
    static Route of(String method, String template, Handler handler) {
        return new Route(method, template, false, handler);
    }

    List<String> parts() {
        return List.of(template.substring(1).split("/"));
    }

    /** The path's parameters, when it fits. */
    Optional<Map<String, String>> match(List<String> path) {
        List<String> parts = parts();
        if (parts.size() != path.size()) {
            return Optional.empty();
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            if (!fits(parts.get(i), path.get(i), parameters)) {
                return Optional.empty();
            }
        }
        return Optional.of(Map.copyOf(parameters));
    }

    private static boolean fits(String part, String segment, Map<String, String> parameters) {
        if (!part.startsWith("{")) {
            return part.equals(segment);
        }
        String name = part.substring(1, part.length() - 1);
        parameters.put(name, segment);
        return switch (name) {
            case "profile", "name" -> Names.valid(segment);
            case "seq" -> segment.matches("[1-9][0-9]{0,17}");
            default -> true;
        };
    }
}
