package io.helix.web;

import io.helix.api.Health;
import io.helix.api.control.ControlPlane;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * {@code /healthz} says that HTTP is served, {@code /readyz} whether Helix is ready. It answers before there is a control
 * plane, which is why that comes and goes in a field.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("helix-health")
@HttpWhiteboardServletPattern({"/healthz", "/readyz"})
public final class HealthServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final List<Health> NOTHING_YET =
            List.of(new Health("control", Health.State.STARTING, "the control plane is not there yet"));

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable ControlPlane control;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getRequestURI().endsWith("/healthz")) {
            write(response, 200, Map.of("status", "ok"));
        } else {
            readiness(response);
        }
    }

    private void readiness(HttpServletResponse response) throws IOException {
        List<Health> parts = parts();
        String status = status(parts);
        boolean ready = status.equals("ready") || status.equals("degraded");
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", status);
        body.put("parts", parts);
        write(response, ready ? 200 : 503, body);
    }

    private List<Health> parts() {
        ControlPlane now = control;
        return now == null ? NOTHING_YET : now.health();
    }

    private static String status(List<Health> parts) {
        Health.State worst = Health.State.UP;
        for (Health part : parts) {
            worst = part.state().compareTo(worst) > 0 ? part.state() : worst;
        }
        return switch (worst) {
            case UP -> "ready";
            case DEGRADED -> "degraded";
            case STARTING -> "starting";
            case DOWN -> "down";
        };
    }

    private static void write(HttpServletResponse response, int status, Object body) throws IOException {
        byte[] bytes = JsonForms.json(body);
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (status == 503) {
            Failures.RETRY.forEach(response::setHeader);
        }
        response.setContentType(MediaTypes.JSON);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
