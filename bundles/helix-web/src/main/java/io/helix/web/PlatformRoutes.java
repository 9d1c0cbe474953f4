package io.helix.web;

import io.helix.api.control.ControlPlane;
import io.helix.api.store.Projection.AuditQuery;
import java.util.List;
import java.util.Map;

/** What the platform says of itself: status, agents, decisions. */
final class PlatformRoutes {
    private final ControlPlane control;

    PlatformRoutes(ControlPlane control) {
        this.control = control;
    }

    List<Route> routes() {
        return List.of(
                new Route("GET", "/openapi.json", true, call -> Answer.ok(OpenApiDocument.read())),
                Route.of("GET", "/status", call -> Answer.ok(control.status(call.caller()))),
                Route.of("GET", "/profiles/{profile}/agent-types", this::agentTypes),
                Route.of("GET", "/profiles/{profile}/agents/status", this::agents),
                Route.of("GET", "/profiles/{profile}/decisions", this::decisions));
    }

    private Answer agentTypes(Call call) {
        return items(control.agentTypes(call.caller(), call.profile()));
    }

    private Answer agents(Call call) {
        return items(control.agents(call.caller(), call.profile()));
    }

    private Answer decisions(Call call) {
        AuditQuery query = new AuditQuery(
                call.flag("permitted").orElse(null),
                call.query().first("action").orElse(null),
                call.query().first("event").orElse(null),
                call.cursor(),
                call.limit());
        return Answer.ok(control.audit(call.caller(), call.profile(), query));
    }

    private static Answer items(List<?> items) {
        return Answer.ok(Map.of("items", items));
    }
}
