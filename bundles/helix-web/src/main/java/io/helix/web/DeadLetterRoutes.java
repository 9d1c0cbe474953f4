package io.helix.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.control.ControlPlane;
import io.helix.api.event.EventFormat;
import io.helix.api.event.StoredMessage;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was given up on: look, mend, send again. */
final class DeadLetterRoutes {
    private static final String LETTERS = "/profiles/{profile}/dead-letters";

    private final ControlPlane control;

    DeadLetterRoutes(ControlPlane control) {
        this.control = control;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", LETTERS, this::list),
                Route.of("POST", LETTERS + "/{seq}/resend", this::resend),
                Route.of("DELETE", LETTERS + "/{seq}", this::delete));
    }

    private Answer list(Call call) {
        int limit = call.limit();
        Long before = call.number("cursor").orElse(null);
        List<StoredMessage> letters = control.deadLetters(call.caller(), call.profile(), before, limit);
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("items", letters);
        if (letters.size() == limit) {
            page.put("next", String.valueOf(letters.get(limit - 1).sequence()));
        }
        return Answer.ok(page);
    }

    private Answer resend(Call call) throws IOException {
        JsonNode body = EventFormat.parse(call.body(EventFormat.MAX_BYTES));
        return new Answer.Later(
                control.resend(call.caller(), call.profile(), call.sequence(), body.isMissingNode() ? null : body)
                        .thenApply(done -> Answer.noContent()));
    }

    private Answer delete(Call call) {
        control.deleteDeadLetter(call.caller(), call.profile(), call.sequence());
        return Answer.noContent();
    }
}
