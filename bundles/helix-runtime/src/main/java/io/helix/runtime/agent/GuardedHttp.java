package io.helix.runtime.agent;

import io.helix.api.agent.AgentException;
import io.helix.api.agent.HttpCaller;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;

/**
 * Calls HTTP servers; every target, also of a redirect, passes the guard first. The JVM remembers a resolved name for a
 * while (networkaddress.cache.ttl, 30 s), so that the address that was checked is the one connected to.
 */
public final class GuardedHttp implements AutoCloseable {
    private static final int MAX_REDIRECTS = 5;
    private static final int MAX_RESPONSE_BYTES = 16 * 1024 * 1024;
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);
    private static final Set<String> SENSITIVE = Set.of("authorization", "cookie", "proxy-authorization", "x-api-key");

    private final EgressGuard guard;
    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(10))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    public GuardedHttp(EgressGuard guard) {
        this.guard = guard;
    }

    /** Asked before each target; throws to forbid it. */
    public interface Check {
        void check(String method, URI uri) throws AgentException;
    }

    public HttpCaller.Response call(HttpCaller.Request request, Check policy) throws AgentException {
        URI uri = request.uri();
        String method = request.method().toUpperCase(Locale.ROOT);
        Map<String, String> headers = new HashMap<>(request.headers());
        byte[] body = request.body();
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            guard.check(uri);
            policy.check(method, uri);
            HttpCaller.Response response = once(request, method, uri, headers, body);
            Optional<URI> next = request.followRedirects() ? redirect(uri, response) : Optional.empty();
            if (next.isEmpty()) {
                return response;
            }
            if (!sameOrigin(uri, next.get())) {
                headers.keySet().removeIf(name -> SENSITIVE.contains(name.toLowerCase(Locale.ROOT)));
            }
            if (response.status() == 303 || (response.status() <= 302 && method.equals("POST"))) {
                method = "GET";
                body = new byte[0];
            }
            uri = next.get();
        }
        throw AgentException.permanent(request.uri().getHost() + " redirects more than " + MAX_REDIRECTS + " times");
    }

    private HttpCaller.Response once(
            HttpCaller.Request request, String method, URI uri, Map<String, String> headers, byte[] body)
            throws AgentException {
        Duration timeout = request.timeout().compareTo(MAX_TIMEOUT) > 0 ? MAX_TIMEOUT : request.timeout();
        try {
            HttpRequest.Builder builder = HttpRequest.newBuilder(uri)
                    .timeout(timeout)
                    .method(
                            method,
                            body.length == 0
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofByteArray(body));
            headers.forEach(builder::setHeader);
            HttpResponse<InputStream> response =
                    client.send(builder.build(), HttpResponse.BodyHandlers.ofInputStream());
            return new HttpCaller.Response(
                    response.statusCode(), lowerCase(response.headers().map()), read(response, request, uri));
        } catch (IllegalArgumentException e) {
            throw AgentException.permanent("the request cannot be made: " + e.getMessage(), e);
        } catch (HttpTimeoutException e) {
            throw AgentException.retryable(uri.getHost() + " did not answer within " + timeout.toMillis() + " ms", e);
        } catch (IOException e) {
            throw AgentException.retryable(uri.getHost() + " cannot be reached: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw AgentException.retryable("the call to " + uri.getHost() + " was cancelled", e);
        }
    }

    private static byte[] read(HttpResponse<InputStream> response, HttpCaller.Request request, URI uri)
            throws IOException, AgentException {
        int limit = Math.min(request.maxResponseBytes(), MAX_RESPONSE_BYTES);
        try (InputStream in = response.body()) {
            byte[] bytes = in.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw AgentException.permanent(
                        "the answer of " + uri.getHost() + " is longer than " + limit + " bytes");
            }
            return bytes;
        }
    }

    private static Optional<URI> redirect(URI from, HttpCaller.Response response) throws AgentException {
        List<String> location = response.headers().getOrDefault("location", List.of());
        if (response.status() < 301 || response.status() > 308 || response.status() == 304 || location.isEmpty()) {
            return Optional.empty();
        }
        URI to;
        try {
            to = from.resolve(location.getFirst());
        } catch (IllegalArgumentException e) {
            throw AgentException.permanent(from.getHost() + " redirects to something that is not a URL", e);
        }
        if ("https".equalsIgnoreCase(from.getScheme()) && !"https".equalsIgnoreCase(to.getScheme())) {
            throw AgentException.permanent(
                    from.getHost() + " redirects from https to " + to.getScheme() + "; not followed");
        }
        return Optional.of(to);
    }

    private static boolean sameOrigin(URI a, URI b) {
        return String.valueOf(a.getHost()).equalsIgnoreCase(String.valueOf(b.getHost()))
                && a.getPort() == b.getPort()
                && String.valueOf(a.getScheme()).equalsIgnoreCase(String.valueOf(b.getScheme()));
    }

    private static Map<String, List<String>> lowerCase(Map<String, List<String>> headers) {
        Map<String, List<String>> lower = new HashMap<>();
        headers.forEach((name, values) -> lower.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        return Map.copyOf(lower);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
