package io.helix.web;

import io.helix.api.control.ControlPlane;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** The REST API: finds the route, authenticates, lets the handler answer. */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("helix-api")
@HttpWhiteboardServletPattern("/api/*")
@HttpWhiteboardServletAsyncSupported
public final class ApiServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final List<String> BASE = List.of("api", "v1");
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final transient RouteTable routes;
    private final transient Authentication authentication;
    private final transient EventStreams streams;
    private final transient AnswerWriter writer;

    @Activate
    public ApiServlet(@Reference ControlPlane control) {
        this(control, InstantSource.system(), HEARTBEAT);
    }

    ApiServlet(ControlPlane control, InstantSource clock, Duration heartbeat) {
        this.routes = ApiRoutes.table(control, clock);
        this.authentication = new Authentication(control);
        this.streams = new EventStreams(heartbeat);
        this.writer = new AnswerWriter(streams);
    }

    @Deactivate
    void close() {
        streams.close();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            writer.write(answer(request), request, response);
        } catch (RuntimeException e) {
            writer.refuse(e, request, response);
        }
    }

    private Answer answer(HttpServletRequest request) throws IOException {
        return switch (routes.match(request.getMethod(), path(request))) {
            case RouteTable.Match.Found(Route route, Map<String, String> parameters) ->
                handle(route, parameters, request);
            case RouteTable.Match.OtherMethods(Set<String> allowed) -> otherMethod(request, allowed);
            case RouteTable.Match.Nothing() -> throw HttpFailure.noSuchPath();
        };
    }

    private static List<String> path(HttpServletRequest request) {
        List<String> path = PathSegments.of(request).orElseThrow(HttpFailure::noSuchPath);
        if (path.size() <= BASE.size() || !path.subList(0, BASE.size()).equals(BASE)) {
            throw HttpFailure.noSuchPath();
        }
        return path.subList(BASE.size(), path.size());
    }

    private Answer handle(Route route, Map<String, String> parameters, HttpServletRequest request) throws IOException {
        Identity identity = route.open() ? null : authentication.require(request);
        QueryParameters query = QueryParameters.parse(request.getQueryString());
        return route.handler().handle(new Call(request, parameters, query, identity));
    }

    private static Answer otherMethod(HttpServletRequest request, Set<String> allowed) {
        Map<String, String> allow = Map.of("Allow", String.join(", ", allowed));
        if (request.getMethod().equals("OPTIONS")) {
            return new Answer.Empty(204, allow);
        }
        throw new HttpFailure(405, "this path does not take that method", allow);
    }
}
