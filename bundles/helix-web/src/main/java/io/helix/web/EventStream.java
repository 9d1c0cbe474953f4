package io.helix.web;

import io.helix.api.control.LiveItem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client that watches. A client that reads slower than things happen loses items, and is told how many; nothing else
 * ever waits for it.
 */
final class EventStream implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("io.helix.web");
    private static final int CAPACITY = 1_000;

    private final BlockingQueue<Optional<LiveItem>> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicLong dropped = new AtomicLong();
    private final EventStreams.Opening opening;
    private final AutoCloseable watch;
    private final long heartbeatNanos;
    private final OutputStream out;
    private volatile boolean closed;

    private EventStream(EventStreams.Opening opening, Duration heartbeat, OutputStream out) {
        this.opening = opening;
        this.heartbeatNanos = heartbeat.toNanos();
        this.out = out;
        this.watch = opening.watching().watch(this::offer);
    }

    static EventStream watch(EventStreams.Opening opening, Duration heartbeat, OutputStream out) {
        return new EventStream(opening, heartbeat, out);
    }

    private void offer(LiveItem item) {
        if (opening.wanted().test(item) && !queue.offer(Optional.of(item))) {
            dropped.incrementAndGet();
        }
    }

    /** Writes until the client leaves, the stream is closed or the caller's key is no longer valid. */
    void run() {
        try {
            write(": live\nretry: 2000\n\n");
            pump();
        } catch (IOException e) {
            LOG.debug("a client that watched left", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pump() throws IOException, InterruptedException {
        long due = System.nanoTime() + heartbeatNanos;
        while (!closed) {
            Optional<LiveItem> item = queue.poll(due - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (item != null && item.isPresent()) {
                write(frame(item.get()));
                tellDropped();
            }
            if (due - System.nanoTime() <= 0) {
                if (!opening.stillAllowed().getAsBoolean()) {
                    return;
                }
                write(": heartbeat\n\n");
                due = System.nanoTime() + heartbeatNanos;
            }
        }
    }

    private void tellDropped() throws IOException {
        long count = dropped.getAndSet(0);
        if (count > 0) {
            write("event: dropped\ndata: {\"count\":" + count + "}\n\n");
        }
    }

    private static String frame(LiveItem item) {
        // JSON has no raw line breaks, so one data line holds it.
        String json = new String(JsonForms.json(item), StandardCharsets.UTF_8);
        String kind = item.kind().replaceAll("[^a-z-]", "");
        return "event: " + kind + "\ndata: " + json + "\n\n";
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() {
        closed = true;
        // Wakes the writer; when there is no room it is awake.
        queue.offer(Optional.empty());
        try {
            watch.close();
        } catch (Exception e) {
            LOG.warn("a watch could not be closed", e);
        }
    }
}
