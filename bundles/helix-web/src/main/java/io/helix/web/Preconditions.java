package io.helix.web;

import io.helix.api.HelixException;
import io.helix.api.document.Document;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Revisions as entity tags: {@code ETag}, {@code If-Match}, {@code If-None-Match}. */
final class Preconditions {
    private static final Pattern TAG = Pattern.compile("\"([1-9][0-9]{0,17})\"");

    private Preconditions() {}

    static String tag(long revision) {
        return "\"" + revision + "\"";
    }

    /** Whether the request sets a condition on the state of what it changes. */
    static boolean given(HttpServletRequest request) {
        return request.getHeader("If-Match") != null || request.getHeader("If-None-Match") != null;
    }

    /**
     * The revision that a change expects: 0 for none, null for whatever it is.
     *
     * @param now looks the document up, for {@code If-Match: *}
     */
    @Nullable
    static Long expected(HttpServletRequest request, Supplier<Optional<Document>> now) {
        String none = request.getHeader("If-None-Match");
        if (none != null) {
            if (!none.trim().equals("*")) {
                throw HelixException.invalid("If-None-Match on a change must be *: it must not exist yet");
            }
            return 0L;
        }
        String match = request.getHeader("If-Match");
        if (match == null) {
            return null;
        }
        return match.trim().equals("*") ? present(now.get()) : revision(match.trim());
    }

    private static long present(Optional<Document> document) {
        return document.map(Document::revision)
                .orElseThrow(() -> new HttpFailure(412, "If-Match is *, but there is no such document"));
    }

    private static long revision(String tag) {
        Matcher matcher = TAG.matcher(tag);
        if (!matcher.matches()) {
            throw HelixException.invalid("If-Match must be one ETag of this document, such as \"3\", or *");
        }
        return Long.parseLong(matcher.group(1));
    }

    /** Whether a reader has this revision already. */
    static boolean unchanged(HttpServletRequest request, long revision) {
        String none = request.getHeader("If-None-Match");
        if (none == null) {
            return false;
        }
        for (String tag : none.split(",")) {
            String text = tag.trim();
            if (text.equals("*") || text.equals(tag(revision)) || text.equals("W/" + tag(revision))) {
                return true;
            }
        }
        return false;
    }
}
