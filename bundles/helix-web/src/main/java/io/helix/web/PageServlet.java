package io.helix.web;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * The first page. Each file is listed, so that no path can lead to another. As the default servlet it also answers for
 * paths that nobody has.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("helix-page")
@HttpWhiteboardServletPattern("/")
public final class PageServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Map<String, PageFile> FILES = Map.of(
            "/", new PageFile("index.html", "text/html; charset=utf-8"),
            "/index.html", new PageFile("index.html", "text/html; charset=utf-8"),
            "/helix.css", new PageFile("helix.css", "text/css; charset=utf-8"),
            "/helix.js", new PageFile("helix.js", "text/javascript; charset=utf-8"),
            "/helix.svg", new PageFile("helix.svg", "image/svg+xml"));

    private final transient AnswerWriter writer = AnswerWriter.withoutStreams();

    private record PageFile(String name, String type) {
        byte[] bytes() throws IOException {
            try (InputStream in = PageServlet.class.getResourceAsStream("page/" + name)) {
                return Objects.requireNonNull(in, name).readAllBytes();
            }
        }
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        PageFile file = FILES.get(path);
        if (file == null) {
            writer.refuse(HttpFailure.noSuchPath(), request, response);
        } else if (request.getMethod().equals("GET") || request.getMethod().equals("HEAD")) {
            send(file, response);
        } else {
            writer.refuse(HttpFailure.onlyReading(), request, response);
        }
    }

    private static void send(PageFile file, HttpServletResponse response) throws IOException {
        byte[] bytes = file.bytes();
        secure(response);
        response.setContentType(file.type());
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    private static void secure(HttpServletResponse response) {
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cache-Control", "no-cache");
    }
}
