package io.helix.web;

import io.helix.api.control.ControlPlane;
import io.helix.api.control.LiveItem;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/** What happens in a profile, as it happens. */
final class LiveRoutes {
    private final ControlPlane control;

    LiveRoutes(ControlPlane control) {
        this.control = control;
    }

    List<Route> routes() {
        return List.of(Route.of("GET", "/profiles/{profile}/live", this::watch));
    }

    private Answer watch(Call call) {
        Identity identity = Objects.requireNonNull(call.identity());
        return new Answer.Stream(new EventStreams.Opening(
                watcher -> control.watch(identity.caller(), call.profile(), watcher),
                wanted(call),
                identity.stillValid()));
    }

    private static Predicate<LiveItem> wanted(Call call) {
        return call.query()
                .first("kinds")
                .map(kinds -> Set.copyOf(List.of(kinds.split(","))))
                .<Predicate<LiveItem>>map(kinds -> item -> kinds.contains(item.kind()))
                .orElse(item -> true);
    }
}
