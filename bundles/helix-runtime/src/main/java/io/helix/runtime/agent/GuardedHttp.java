package io.helix.runtime.agent;

import io.helix.api.agent.AgentException;
import io.helix.api.agent.HttpCaller;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/** Calls HTTP servers; every target, also of a redirect, passes the guard, and the time limit holds for the whole call. */
public final class GuardedHttp implements AutoCloseable {
    private static final int MAX_REDIRECTS = 5;
    private static final int MAX_RESPONSE_BYTES = 16 * 1024 * 1024;
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);
    private static final Set<String> SENSITIVE = Set.of("authorization", "cookie", "proxy-authorization", "x-api-key");

    private final EgressGuard guard;
    private final CloseableHttpClient client;
    private final ExecutorService exchanges = Executors.newVirtualThreadPerTaskExecutor();

    public GuardedHttp(EgressGuard guard) {
        this(guard, systemTls());
    }

    GuardedHttp(EgressGuard guard, SSLContext tls) {
        this.guard = guard;
        this.client = EgressClient.create(guard, tls);
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
        int limit = Math.min(request.maxResponseBytes(), MAX_RESPONSE_BYTES);
        Deadline deadline = Deadline.of(request.timeout());
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            guard.checkForm(uri);
            policy.check(method, uri);
            HttpCaller.Response response = once(OutgoingRequest.of(method, uri, headers, body), uri, deadline, limit);
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

    /** On a thread of its own: it can be left at the deadline whatever it waits for, a name server included. */
    private HttpCaller.Response once(HttpUriRequestBase request, URI uri, Deadline deadline, int limit)
            throws AgentException {
        Future<HttpCaller.Response> answer;
        try {
            answer = exchanges.submit(() -> exchange(request, uri, limit));
        } catch (RejectedExecutionException e) {
            throw AgentException.retryable("Helix is stopping", e);
        }
        try {
            return answer.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (TimeoutException e) {
            throw AgentException.retryable(
                    uri.getHost() + " did not answer within "
                            + deadline.timeout().toMillis() + " ms",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw AgentException.retryable("the call to " + uri.getHost() + " was cancelled", e);
        } finally {
            if (answer.state() == Future.State.RUNNING) {
                request.abort();
                answer.cancel(true);
            }
        }
    }

    private static AgentException failure(@Nullable Throwable cause) {
        return switch (cause) {
            case AgentException e -> e;
            case Error e -> throw e;
            case RuntimeException e -> throw e;
            case null, default -> AgentException.retryable("the call failed", cause);
        };
    }

    private HttpCaller.Response exchange(HttpUriRequestBase request, URI uri, int limit) throws AgentException {
        try (ClassicHttpResponse response = client.executeOpen(OutgoingRequest.target(uri), request, null)) {
            byte[] body = read(response.getEntity(), limit);
            if (body.length > limit) {
                // Closing an answer reads what is left of it, unless it was aborted.
                request.abort();
                String reason = "the answer of " + uri.getHost() + " is longer than " + limit + " bytes";
                throw AgentException.permanent(reason, new HttpCaller.AnswerTooLong(reason));
            }
            return new HttpCaller.Response(response.getCode(), headers(response), body);
        } catch (GuardedResolver.Refused e) {
            throw e.reason();
        } catch (ConnectionRequestTimeoutException e) {
            throw AgentException.retryable("too many calls to " + uri.getHost() + " are under way", e);
        } catch (IOException e) {
            throw AgentException.retryable(uri.getHost() + " cannot be reached: " + e.getMessage(), e);
        }
    }

    private static byte[] read(@Nullable HttpEntity entity, int limit) throws IOException {
        if (entity == null) {
            return new byte[0];
        }
        InputStream in = entity.getContent();
        return in.readNBytes(limit + 1);
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

    private static Map<String, List<String>> headers(ClassicHttpResponse response) {
        Map<String, List<String>> headers = new HashMap<>();
        for (Header header : response.getHeaders()) {
            headers.computeIfAbsent(header.getName().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(String.valueOf(header.getValue()));
        }
        headers.replaceAll((name, values) -> List.copyOf(values));
        return Map.copyOf(headers);
    }

    private static SSLContext systemTls() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    private record Deadline(Duration timeout, long nanoTime) {
        static Deadline of(Duration asked) throws AgentException {
            if (asked.isZero() || asked.isNegative()) {
                throw AgentException.permanent("the request cannot be made: its time limit is " + asked);
            }
            Duration timeout = asked.compareTo(MAX_TIMEOUT) > 0 ? MAX_TIMEOUT : asked;
            return new Deadline(timeout, System.nanoTime() + timeout.toNanos());
        }

        long remainingNanos() {
            return nanoTime - System.nanoTime();
        }
    }

    @Override
    public void close() {
        exchanges.shutdownNow();
        client.close(CloseMode.IMMEDIATE);
    }
}
