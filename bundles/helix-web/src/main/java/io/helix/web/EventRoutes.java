package io.helix.web;

import io.helix.api.HelixException;
import io.helix.api.control.ControlPlane;
import io.helix.api.event.Event;
import io.helix.api.store.Projection.EventQuery;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Publishing and looking at events. */
final class EventRoutes {
    private static final String EVENTS = "/profiles/{profile}/events";

    private final ControlPlane control;
    private final EventIngest ingest;

    EventRoutes(ControlPlane control, InstantSource clock) {
        this.control = control;
        this.ingest = new EventIngest(control, clock);
    }

    List<Route> routes() {
        return List.of(
                Route.of("POST", EVENTS, this::publish),
                Route.of("GET", EVENTS, this::list),
                Route.of("GET", EVENTS + "/{id}", this::read),
                Route.of("GET", EVENTS + "/{id}/explain", this::explain));
    }

    private Answer publish(Call call) throws IOException {
        return ingest.publish(call);
    }

    private Answer list(Call call) {
        EventQuery query = new EventQuery(call.query().first("type").orElse(null), call.cursor(), call.limit());
        return Answer.ok(control.events(call.caller(), call.profile(), query));
    }

    private Answer read(Call call) {
        String id = eventId(call);
        Optional<Event> event = control.findEvent(call.caller(), call.profile(), id);
        return Answer.ok(event.orElseThrow(
                () -> HelixException.notFound("there is no event '" + id + "' any more, or there never was")));
    }

    private Answer explain(Call call) {
        String rule = call.required("rule");
        return Answer.ok(control.explain(call.caller(), call.profile(), eventId(call), rule));
    }

    /**
     * Servers refuse an escaped slash in a path, so an id with one comes as a parameter, with any word in its place in the
     * path. Where ids are not unique the source says which one is meant.
     */
    private static String eventId(Call call) {
        String id = call.query().first("id").orElse(call.path("id"));
        return call.query().first("source").map(source -> source + "/" + id).orElse(id);
    }
}
