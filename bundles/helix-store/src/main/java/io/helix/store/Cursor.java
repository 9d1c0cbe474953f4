package io.helix.store;

import io.helix.api.HelixException;
import io.helix.api.Page;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/** The place of the last item of a page, in a list that goes from new to old. */
record Cursor(Instant time, String id) {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    static Cursor parse(String text) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split("/", 2);
            return new Cursor(Instant.parse(parts[0]), parts[1]);
        } catch (RuntimeException e) {
            throw HelixException.invalid("the cursor was not given out by this server: begin without one");
        }
    }

    @Override
    public String toString() {
        return ENCODER.encodeToString((time + "/" + id).getBytes(StandardCharsets.UTF_8));
    }

    /** @param found up to one more than {@code limit} */
    static <T> Page<T> page(List<T> found, int limit, Function<T, Cursor> place) {
        return found.size() <= limit
                ? new Page<>(found, null)
                : new Page<>(
                        found.subList(0, limit),
                        place.apply(found.get(limit - 1)).toString());
    }
}
