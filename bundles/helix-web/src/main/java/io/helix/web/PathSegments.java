package io.helix.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The decoded segments of a request's path. Read from the raw URI, so that an escaped slash stays inside its segment
 * whatever the container decodes.
 */
final class PathSegments {
    private static final int MAX_SEGMENTS = 12;
    private static final int MAX_LENGTH = 4096;

    private PathSegments() {}

    /** Empty when the path is not one that anything of ours could have: broken escapes, dots, control characters. */
    static Optional<List<String>> of(HttpServletRequest request) {
        return parse(request.getRequestURI().substring(request.getContextPath().length()));
    }

    static Optional<List<String>> parse(String path) {
        if (!path.startsWith("/") || path.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String[] raw = path.substring(1).split("/", -1);
        if (raw.length > MAX_SEGMENTS) {
            return Optional.empty();
        }
        List<String> segments = new ArrayList<>(raw.length);
        for (String text : raw) {
            Optional<String> segment = PercentCoding.decode(text).filter(PathSegments::harmless);
            if (segment.isEmpty()) {
                return Optional.empty();
            }
            segments.add(segment.get());
        }
        return Optional.of(List.copyOf(segments));
    }

    private static boolean harmless(String segment) {
        return !segment.isEmpty()
                && !segment.equals(".")
                && !segment.equals("..")
                && segment.chars().noneMatch(Character::isISOControl);
    }
}
