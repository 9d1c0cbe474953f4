package io.helix.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.event.EventFormat;
import io.helix.sdk.testing.control.FakeControlPlane;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The servlets on a server of their own, over a fake control plane. */
final class WebServer implements AutoCloseable {
    final FakeControlPlane control = new FakeControlPlane();
    final HealthServlet health = new HealthServlet();

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ApiServlet api =
            new ApiServlet(control, InstantSource.fixed(FakeControlPlane.NOW), Duration.ofMillis(50));

    WebServer() throws Exception {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        add(context, api, "/api/*");
        add(context, new WebhookServlet(control), "/hooks/*");
        add(context, health, "/healthz", "/readyz");
        add(context, new StartingServlet(), "/starting/*");
        add(context, new PageServlet(), "/");
        server.setHandler(context);
        server.start();
        health.control = control;
    }

    private static void add(ServletContextHandler context, jakarta.servlet.Servlet servlet, String... patterns) {
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        for (String pattern : patterns) {
            context.addServlet(holder, pattern);
        }
    }

    int port() {
        return connector.getLocalPort();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /** A request below the default profile with an admin's key. */
    HttpRequest.Builder inProfile(String path) {
        return api("/profiles/default" + path);
    }

    HttpRequest.Builder api(String path) {
        return plain("/api/v1" + path).header("Authorization", "Bearer " + FakeControlPlane.ADMIN_KEY);
    }

    HttpRequest.Builder plain(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(10));
    }

    Reply get(String path) {
        return send(inProfile(path));
    }

    Reply post(String path, String contentType, String body) {
        return send(inProfile(path).header("Content-Type", contentType).POST(BodyPublishers.ofString(body)));
    }

    Reply put(String path, String contentType, String body, String... headers) {
        HttpRequest.Builder request = inProfile(path).header("Content-Type", contentType);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.PUT(BodyPublishers.ofString(body)));
    }

    Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            return new Reply(response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<InputStream> stream(String path) throws IOException, InterruptedException {
        return client.send(inProfile(path).build(), BodyHandlers.ofInputStream());
    }

    @Override
    public void close() throws Exception {
        api.close();
        client.shutdownNow();
        server.stop();
    }

    /** An answer, read. */
    record Reply(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String text() {
            return response.body();
        }

        JsonNode json() {
            return EventFormat.parse(response.body().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }
}
