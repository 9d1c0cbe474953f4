package io.helix.web;

import io.helix.api.HelixException;
import io.helix.api.control.LiveItem;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The open streams of Server-Sent Events; each is written by a virtual thread of its own. */
final class EventStreams implements AutoCloseable {
    private static final int MAX_STREAMS = 200;

    private final Duration heartbeat;
    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    EventStreams(Duration heartbeat) {
        this.heartbeat = heartbeat;
    }

    /** Begins to watch; what it returns ends that. */
    @FunctionalInterface
    interface Watching {
        AutoCloseable watch(Consumer<LiveItem> watcher);
    }

    /**
     * @param wanted which items this client asked for
     * @param stillAllowed asked at each heartbeat; the stream ends when it no longer is
     */
    record Opening(Watching watching, Predicate<LiveItem> wanted, BooleanSupplier stillAllowed) {}

    void open(Opening opening, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (open.size() >= MAX_STREAMS || closed) {
            throw HelixException.unavailable("too many live streams are open");
        }
        response.setContentType(MediaTypes.STREAM);
        response.setCharacterEncoding("utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        // Proxies that buffer would hold items back.
        response.setHeader("X-Accel-Buffering", "no");
        if (request.getMethod().equals("HEAD")) {
            return;
        }
        // Before the response is committed, so that a refusal is still one.
        EventStream stream = EventStream.watch(opening, heartbeat, response.getOutputStream());
        AsyncContext async = request.startAsync(request, response);
        async.setTimeout(0);
        open.add(stream);
        Thread.ofVirtual().name("helix-web-live").start(() -> {
            try (stream) {
                stream.run();
            } finally {
                open.remove(stream);
                async.complete();
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(EventStream::close);
    }
}
