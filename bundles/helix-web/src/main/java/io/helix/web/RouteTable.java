package io.helix.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** All routes; the first that fits wins, so words come before parameters. */
final class RouteTable {
    private final List<Route> routes;

    RouteTable(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /** What a path and a method lead to. */
    sealed interface Match {
        record Found(Route route, Map<String, String> parameters) implements Match {}

        record OtherMethods(Set<String> allowed) implements Match {}

        record Nothing() implements Match {}
    }

    List<Route> routes() {
        return routes;
    }

    /** HEAD goes where GET goes; the container leaves the body out. */
    Match match(String method, List<String> path) {
        String wanted = method.equals("HEAD") ? "GET" : method;
        Set<String> allowed = new TreeSet<>();
        List<Match.Found> found = new ArrayList<>(1);
        for (Route route : routes) {
            Optional<Map<String, String>> parameters = route.match(path);
            if (parameters.isPresent()) {
                allowed.add(route.method());
                if (route.method().equals(wanted)) {
                    found.add(new Match.Found(route, parameters.get()));
                }
            }
        }
        if (!found.isEmpty()) {
            return found.get(0);
        }
        return allowed.isEmpty() ? new Match.Nothing() : new Match.OtherMethods(complete(allowed));
    }

    private static Set<String> complete(Set<String> allowed) {
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        allowed.add("OPTIONS");
        return allowed;
    }
}
