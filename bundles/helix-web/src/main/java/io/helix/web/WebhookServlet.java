package io.helix.web;

import io.helix.api.HelixException;
import io.helix.api.Names;
import io.helix.api.agent.WebhookReceiver.Delivery;
import io.helix.api.agent.WebhookReceiver.Reply;
import io.helix.api.control.ControlPlane;
import io.helix.api.event.EventFormat;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * Requests from outside for source agents: {@code /hooks/<profile>/<agent>}. There is no API key: the agent checks the
 * sender's signature over the bytes as they came.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("helix-hooks")
@HttpWhiteboardServletPattern("/hooks/*")
@HttpWhiteboardServletAsyncSupported
public final class WebhookServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient ControlPlane control;
    private final transient AnswerWriter writer = AnswerWriter.withoutStreams();

    @Activate
    public WebhookServlet(@Reference ControlPlane control) {
        this.control = control;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            writer.write(receive(request), request, response);
        } catch (RuntimeException e) {
            writer.refuse(e, request, response);
        }
    }

    private Answer receive(HttpServletRequest request) throws IOException {
        Optional<List<String>> path = PathSegments.of(request).filter(WebhookServlet::hook);
        List<String> segments = path.orElseThrow(HttpFailure::noSuchPath);
        if (!control.accepting()) {
            throw HelixException.unavailable("too many events are in flight; send this one again later");
        }
        Delivery delivery = delivery(request);
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        Thread.ofVirtual().name("helix-web-hook").start(() -> {
            try {
                answer.complete(answer(control.webhook(segments.get(1), segments.get(2), delivery)));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return new Answer.Later(answer);
    }

    private static boolean hook(List<String> path) {
        return path.size() == 3 && path.get(0).equals("hooks") && Names.valid(path.get(1)) && Names.valid(path.get(2));
    }

    private static Delivery delivery(HttpServletRequest request) throws IOException {
        Map<String, List<String>> headers = new HashMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name.toLowerCase(Locale.ROOT), List.copyOf(Collections.list(request.getHeaders(name))));
        }
        return new Delivery(
                request.getMethod(),
                Map.copyOf(headers),
                QueryParameters.parse(request.getQueryString()).values(),
                request.getRemoteAddr(),
                BoundedBody.read(request, EventFormat.MAX_BYTES));
    }

    private static Answer answer(Reply reply) {
        if (reply.status() >= 200 && reply.status() < 300) {
            return reply.detail().isEmpty()
                    ? new Answer.Empty(reply.status(), Map.of())
                    : new Answer.Value(reply.status(), Map.of("detail", reply.detail()), Map.of());
        }
        boolean error = reply.status() >= 400 && reply.status() < 600;
        throw new HttpFailure(error ? reply.status() : 500, reply.detail(), retry(reply.status()));
    }

    private static Map<String, String> retry(int status) {
        return status == 503 ? Failures.RETRY : Map.of();
    }
}
