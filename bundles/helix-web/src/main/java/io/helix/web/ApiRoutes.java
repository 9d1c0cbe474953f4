package io.helix.web;

import io.helix.api.control.ControlPlane;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** Everything below {@code /api/v1}. */
final class ApiRoutes {
    private ApiRoutes() {}

    static RouteTable table(ControlPlane control, InstantSource clock) {
        return new RouteTable(Stream.of(
                        new PlatformRoutes(control).routes(),
                        new PluginRoutes(control).routes(),
                        new RuleRoutes(control, clock).routes(),
                        new DocumentRoutes(control).routes(),
                        new EventRoutes(control, clock).routes(),
                        new RunRoutes(control, clock).routes(),
                        new FactRoutes(control).routes(),
                        new SecretRoutes(control).routes(),
                        new DeadLetterRoutes(control).routes(),
                        new LiveRoutes(control).routes())
                .flatMap(List::stream)
                .toList());
    }
}
