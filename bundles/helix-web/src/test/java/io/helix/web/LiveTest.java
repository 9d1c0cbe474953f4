package io.helix.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.TextNode;
import io.helix.api.control.LiveItem;
import io.helix.sdk.testing.control.FakeControlPlane;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LiveTest {
    private WebServer web;

    @BeforeEach
    void start() throws Exception {
        web = new WebServer();
    }

    @AfterEach
    void stop() throws Exception {
        web.close();
    }

    private static LiveItem item(String kind, String text) {
        return new LiveItem(kind, "default", FakeControlPlane.NOW, TextNode.valueOf(text));
    }

    private static String next(BufferedReader reader, String prefix) throws IOException {
        String line = reader.readLine();
        while (line != null && !line.startsWith(prefix)) {
            line = reader.readLine();
        }
        return String.valueOf(line);
    }

    private static BufferedReader reader(HttpResponse<InputStream> response) {
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    @Test
    void what_happens_arrives_as_it_happens() throws Exception {
        HttpResponse<InputStream> response = web.stream("/live?kinds=event,run");
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        try (BufferedReader reader = reader(response)) {
            web.control.emit(item("decision", "not asked for"));
            web.control.emit(item("event", "line\nbreak"));
            assertThat(next(reader, "event:")).isEqualTo("event: event");
            assertThat(next(reader, "data:"))
                    .isEqualTo("data: {\"kind\":\"event\",\"profile\":\"default\",\"time\":\"2026-11-24T10:15:30Z\","
                            + "\"data\":\"line\\nbreak\"}");
            assertThat(next(reader, ": heartbeat")).isEqualTo(": heartbeat");
        }
    }

    @Test
    void a_client_that_left_is_forgotten() throws Exception {
        web.stream("/live").body().close();
        await().until(() -> web.control.watchers() == 0);
    }

    @Test
    void a_stream_ends_when_its_key_is_revoked() throws Exception {
        try (BufferedReader reader = reader(web.stream("/live"))) {
            web.control.revoke(FakeControlPlane.ADMIN_KEY);
            assertThat(next(reader, "never")).isEqualTo("null");
        }
        await().until(() -> web.control.watchers() == 0);
    }

    @Test
    void a_stream_of_an_unknown_profile_is_refused() throws Exception {
        assertThat(web.send(web.api("/profiles/other/live")).status()).isEqualTo(404);
    }

    @Test
    void a_client_that_is_too_slow_loses_items_and_is_told_how_many() {
        List<Consumer<LiveItem>> watchers = new ArrayList<>();
        AtomicBoolean allowed = new AtomicBoolean(true);
        EventStreams.Opening opening = new EventStreams.Opening(
                watcher -> {
                    watchers.add(watcher);
                    return () -> {};
                },
                any -> true,
                allowed::get);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (EventStream stream = EventStream.watch(opening, Duration.ofMillis(1), out)) {
            for (int i = 0; i < 1_250; i++) {
                watchers.getFirst().accept(item("event", "x"));
            }
            allowed.set(false);
            stream.run();
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("event: dropped\ndata: {\"count\":250}\n\n");
    }
}
