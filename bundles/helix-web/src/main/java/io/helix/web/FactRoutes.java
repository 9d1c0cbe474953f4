package io.helix.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.HelixException;
import io.helix.api.control.ControlPlane;
import io.helix.api.event.EventFormat;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What is known in a profile beside its events. */
final class FactRoutes {
    private static final int MAX_BODY = 16 * 1024;
    private static final String FACTS = "/profiles/{profile}/facts";

    private final ControlPlane control;

    FactRoutes(ControlPlane control) {
        this.control = control;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", FACTS, this::list),
                Route.of("GET", FACTS + "/{name}", this::show),
                Route.of("PUT", FACTS + "/{name}", this::set),
                Route.of("DELETE", FACTS + "/{name}", this::remove));
    }

    private Answer list(Call call) {
        return Answer.ok(Map.of("items", control.facts(call.caller(), call.profile())));
    }

    private Answer show(Call call) {
        String name = call.path("name");
        return Answer.ok(control.fact(call.caller(), call.profile(), name)
                .orElseThrow(() -> HelixException.notFound("fact '" + name + "' is not set")));
    }

    private Answer set(Call call) throws IOException {
        JsonNode value = EventFormat.parse(call.body(MAX_BODY));
        if (value.isMissingNode()) {
            throw HelixException.invalid("the body is empty; it must be the value of the fact as JSON, such as true");
        }
        return Answer.ok(control.setFact(call.caller(), call.profile(), call.path("name"), value));
    }

    private Answer remove(Call call) {
        control.removeFact(call.caller(), call.profile(), call.path("name"));
        return Answer.noContent();
    }
}
