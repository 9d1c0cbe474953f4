package io.helix.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.control.ControlPlane;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.api.recipe.RunState;
import io.helix.api.store.Projection.RunQuery;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Running recipes and looking at runs. */
final class RunRoutes {
    private final ControlPlane control;
    private final InstantSource clock;

    RunRoutes(ControlPlane control, InstantSource clock) {
        this.control = control;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                Route.of("POST", "/profiles/{profile}/recipes/{name}/run", this::run),
                Route.of("GET", "/profiles/{profile}/runs", this::list),
                Route.of("GET", "/profiles/{profile}/runs/{id}", this::read));
    }

    private Answer run(Call call) throws IOException {
        ObjectNode body = call.object();
        JsonNode inputs = body.path("inputs");
        if (!inputs.isMissingNode() && !inputs.isObject()) {
            throw HelixException.invalid("'inputs' must be an object");
        }
        ObjectNode given = inputs instanceof ObjectNode object
                ? object
                : EventFormat.json().createObjectNode();
        return new Answer.Later(control.run(call.caller(), call.profile(), call.path("name"), given, event(body))
                .thenApply(id -> new Answer.Value(202, Map.of("id", id), Map.of())));
    }

    private @Nullable Event event(ObjectNode body) {
        return body.hasNonNull("event") ? EventFormat.fromJson(body.get("event"), clock.instant()) : null;
    }

    private Answer list(Call call) {
        RunQuery query = new RunQuery(
                call.query().first("recipe").orElse(null),
                call.query().first("rule").orElse(null),
                call.query().first("event").orElse(null),
                call.query().first("state").map(RunRoutes::state).orElse(null),
                call.cursor(),
                call.limit());
        return Answer.ok(control.runs(call.caller(), call.profile(), query));
    }

    private static RunState state(String text) {
        for (RunState state : RunState.values()) {
            if (state.name().equals(text.toUpperCase(Locale.ROOT))) {
                return state;
            }
        }
        throw HelixException.invalid("query parameter 'state' must be running, succeeded or failed");
    }

    private Answer read(Call call) {
        String id = call.path("id");
        return Answer.ok(control.findRun(call.caller(), call.profile(), id)
                .orElseThrow(() -> HelixException.notFound("there is no run '" + id + "'")));
    }
}
