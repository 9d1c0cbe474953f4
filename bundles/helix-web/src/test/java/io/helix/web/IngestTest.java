package io.helix.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.HelixException;
import io.helix.api.agent.WebhookReceiver;
import io.helix.api.control.ControlPlane.Published;
import io.helix.api.event.Event;
import io.helix.sdk.testing.control.FakeControlPlane;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IngestTest {
    private static final String EVENT = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";

    private WebServer web;

    @BeforeEach
    void start() throws Exception {
        web = new WebServer();
    }

    @AfterEach
    void stop() throws Exception {
        web.close();
    }

    private static String event(String id) {
        return "{\"specversion\":\"1.0\",\"id\":\"" + id
                + "\",\"source\":\"s\",\"type\":\"shop.order\",\"data\":{\"n\":1}}";
    }

    @Test
    void a_structured_event_is_acknowledged_with_its_place() {
        WebServer.Reply reply = web.post("/events", EVENT + "; charset=utf-8", event("1"));
        assertThat(reply.status()).as(reply.text()).isEqualTo(202);
        assertThat(reply.json()).hasToString("{\"id\":\"1\",\"sequence\":1,\"duplicate\":false}");
        assertThat(web.post("/events", EVENT, event("1"))
                        .json()
                        .get("duplicate")
                        .asBoolean())
                .isTrue();
        assertThat(web.control.published().getFirst().time()).isEqualTo(FakeControlPlane.NOW);
    }

    @Test
    void a_binary_event_has_its_attributes_in_headers() {
        WebServer.Reply reply = web.send(web.inProfile("/events")
                .headers("ce-specversion", "1.0", "ce-id", "7", "ce-source", "/a%20b", "ce-type", "shop.order")
                .headers("ce-subject", "\"Z%C3%BCrich \\\"x\\\"\"", "ce-myext", "v", "ce-time", "2026-01-02T03:04:05Z")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"n\":1.50}")));
        assertThat(reply.status()).as(reply.text()).isEqualTo(202);
        Event event = web.control.published().getFirst();
        assertThat(event.source()).isEqualTo("/a b");
        assertThat(event.subject()).isEqualTo("Zürich \"x\"");
        assertThat(event.extensions()).containsEntry("myext", "v").hasSize(1);
        assertThat(event.time()).hasToString("2026-01-02T03:04:05Z");
        assertThat(event.data()).hasToString("{\"n\":1.50}");
    }

    @Test
    void what_is_no_event_is_refused() {
        assertThat(web.post("/events", "application/json", "{}").status()).isEqualTo(415);
        assertThat(web.post("/events", EVENT, "{").status()).isEqualTo(400);
        assertThat(web.post("/events", EVENT, "{\"specversion\":\"0.3\"}").status())
                .isEqualTo(400);
        assertThat(web.post("/events", BATCH, "{}").status()).isEqualTo(400);
        WebServer.Reply image = web.send(web.inProfile("/events")
                .headers("ce-specversion", "1.0", "ce-id", "7", "ce-source", "s", "ce-type", "t")
                .header("Content-Type", "image/png")
                .POST(BodyPublishers.ofString("x")));
        assertThat(image.status()).isEqualTo(415);
        WebServer.Reply noSource = web.send(web.inProfile("/events")
                .headers("ce-specversion", "1.0", "ce-id", "7", "ce-type", "t")
                .POST(BodyPublishers.noBody()));
        assertThat(noSource.json().get("detail").asText()).contains("ce-source");
        assertThat(web.control.published()).isEmpty();
    }

    @Test
    void a_batch_reports_each_event() {
        String batch = "[" + event("1") + ",{\"specversion\":\"1.0\"}," + event("2") + "]";
        JsonNode list = web.post("/events", BATCH, batch).json();
        assertThat(list).hasSize(3);
        assertThat(list.at("/0/sequence").asInt()).isEqualTo(1);
        assertThat(list.at("/1/status").asInt()).isEqualTo(400);
        assertThat(list.at("/2/id").asText()).isEqualTo("2");
        String tooMany = "[" + String.join(",", Collections.nCopies(1001, "{}")) + "]";
        assertThat(web.post("/events", BATCH, tooMany).status()).isEqualTo(413);
    }

    @Test
    void a_batch_of_which_nothing_was_taken_is_to_be_sent_again() {
        web.control.answerPublish(CompletableFuture.failedFuture(HelixException.unavailable("full")));
        assertThat(web.post("/events", BATCH, "[" + event("1") + "]").status()).isEqualTo(503);
    }

    @Test
    void the_answer_waits_until_the_event_is_durable() throws Exception {
        CompletableFuture<Published> durable = new CompletableFuture<>();
        web.control.answerPublish(durable);
        CompletableFuture<WebServer.Reply> answer =
                CompletableFuture.supplyAsync(() -> web.post("/events", EVENT, event("1")));
        assertThat(answer).isNotDone();
        durable.complete(new Published("1", 42, false));
        assertThat(answer.get().json().get("sequence").asInt()).isEqualTo(42);
    }

    @Test
    void when_full_or_away_the_sender_is_told_to_come_back() {
        web.control.answerPublish(CompletableFuture.failedFuture(HelixException.unavailable("full")));
        WebServer.Reply away = web.post("/events", EVENT, event("1"));
        assertThat(away.status()).isEqualTo(503);
        assertThat(away.header("Retry-After")).isEqualTo("1");
        web.control.accepting(false);
        assertThat(web.post("/events", EVENT, event("1")).status()).isEqualTo(503);
        assertThat(web.send(web.plain("/hooks/default/github").POST(BodyPublishers.ofString("x")))
                        .status())
                .isEqualTo(503);
    }

    @Test
    void a_body_that_is_too_long_is_refused_also_without_a_length() {
        String long_ = " ".repeat(1024 * 1024 + 1);
        assertThat(web.post("/events", EVENT, long_).status()).isEqualTo(413);
        byte[] bytes = long_.getBytes(StandardCharsets.UTF_8);
        WebServer.Reply chunked = web.send(web.inProfile("/events")
                .header("Content-Type", EVENT)
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(bytes))));
        assertThat(chunked.status()).isEqualTo(413);
    }

    @Test
    void a_length_that_is_too_long_is_refused_before_the_body_comes() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", web.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /api/v1/profiles/default/events HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000000\r\n"
                            + "X-API-Key: " + FakeControlPlane.ADMIN_KEY + "\r\nContent-Type: " + EVENT + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes(12);
            assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
        }
    }

    // --- webhooks

    @Test
    void a_webhook_hands_on_the_bytes_as_they_came() {
        web.control.answerWebhook(new WebhookReceiver.Reply(202, ""));
        WebServer.Reply reply = web.send(web.plain("/hooks/default/github?a=1&a=%C3%BC")
                .headers("X-Signature", "abc", "Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("b=2&c= 3")));
        assertThat(reply.status()).isEqualTo(202);
        WebhookReceiver.Delivery delivery = web.control.deliveries().getFirst();
        assertThat(delivery.body()).isEqualTo("b=2&c= 3".getBytes(StandardCharsets.UTF_8));
        assertThat(delivery.header("x-signature")).isEqualTo("abc");
        assertThat(delivery.query().get("a")).containsExactly("1", "ü");
        assertThat(delivery.query()).doesNotContainKey("b");
        assertThat(delivery.method()).isEqualTo("POST");
        assertThat(delivery.remoteAddress()).isEqualTo("127.0.0.1");
    }

    @Test
    void a_webhook_that_is_refused_says_why() {
        web.control.answerWebhook(new WebhookReceiver.Reply(401, "the signature does not fit"));
        WebServer.Reply reply = web.send(web.plain("/hooks/default/github").POST(BodyPublishers.noBody()));
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.json().get("detail").asText()).isEqualTo("the signature does not fit");
        web.control.answerWebhook(new WebhookReceiver.Reply(200, "hello"));
        assertThat(web.send(web.plain("/hooks/default/github"))
                        .json()
                        .get("detail")
                        .asText())
                .isEqualTo("hello");
    }

    @Test
    void a_webhook_without_an_agent_leads_nowhere() {
        assertThat(web.send(web.plain("/hooks/default/none")).status()).isEqualTo(404);
        assertThat(web.send(web.plain("/hooks/default")).status()).isEqualTo(404);
        assertThat(web.send(web.plain("/hooks/default/A%00")).status()).isBetween(400, 404);
        assertThat(web.send(web.plain("/hooks/default/a/b")).status()).isEqualTo(404);
    }
}
