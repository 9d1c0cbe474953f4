package io.helix.web;

import io.helix.api.HelixException;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** Stands in for the API and the webhooks while there is no control plane; both outrank it. */
@Component(service = Servlet.class, property = "service.ranking:Integer=-1000")
@HttpWhiteboardServletName("helix-starting")
@HttpWhiteboardServletPattern({"/api/*", "/hooks/*"})
public final class StartingServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient AnswerWriter writer = AnswerWriter.withoutStreams();

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        writer.refuse(HelixException.unavailable("Helix is starting; /readyz says what is missing"), request, response);
    }
}
