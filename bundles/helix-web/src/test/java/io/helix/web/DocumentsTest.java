package io.helix.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.document.Kind;
import io.helix.sdk.testing.control.FakeControlPlane;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DocumentsTest {
    private static final String JSON = "application/json";

    private WebServer web;

    @BeforeEach
    void start() throws Exception {
        web = new WebServer();
    }

    @AfterEach
    void stop() throws Exception {
        web.close();
    }

    private static String rule(String name, int priority) {
        var content = FakeControlPlane.shell(Kind.RULE, name);
        content.withObject("/spec").put("priority", priority);
        return content.toString();
    }

    @Test
    void what_is_put_is_read_back_with_its_revision() {
        WebServer.Reply created = web.put("/rules/a", JSON, rule("a", 1));
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        assertThat(created.header("ETag")).isEqualTo("\"1\"");
        assertThat(created.json().get("kind").asText()).isEqualTo("Rule");
        assertThat(created.json().get("outcome").asText()).isEqualTo("CREATED");
        WebServer.Reply read = web.get("/rules/a");
        assertThat(read.header("ETag")).isEqualTo("\"1\"");
        assertThat(read.json()).hasToString(rule("a", 1));
        assertThat(web.put("/rules/a", JSON, rule("a", 2))
                        .json()
                        .get("revision")
                        .asInt())
                .isEqualTo(2);
        assertThat(web.get("/rules/a/history").json().get("items")).hasSize(2);
        assertThat(web.get("/rules/b/history").status()).isEqualTo(404);
    }

    @Test
    void a_change_of_a_stale_revision_fails_its_precondition() {
        web.put("/rules/a", JSON, rule("a", 1));
        assertThat(web.put("/rules/a", JSON, rule("a", 2), "If-Match", "\"1\"").status())
                .isEqualTo(200);
        assertThat(web.put("/rules/a", JSON, rule("a", 3), "If-Match", "\"1\"").status())
                .isEqualTo(412);
        assertThat(web.put("/rules/a", JSON, rule("a", 3), "If-None-Match", "*").status())
                .isEqualTo(412);
        assertThat(web.put("/rules/a", JSON, rule("a", 3), "If-Match", "*").status())
                .isEqualTo(200);
        assertThat(web.put("/rules/b", JSON, rule("b", 3), "If-Match", "*").status())
                .isEqualTo(412);
        assertThat(web.put("/rules/b", JSON, rule("b", 3), "If-Match", "three").status())
                .isEqualTo(400);
        assertThat(web.put("/rules/b", JSON, rule("b", 3), "If-None-Match", "*").status())
                .isEqualTo(201);
    }

    @Test
    void a_document_is_deleted_at_its_revision() {
        web.put("/rules/a", JSON, rule("a", 1));
        assertThat(web.send(web.inProfile("/rules/a")
                                .header("If-Match", "\"9\"")
                                .DELETE())
                        .status())
                .isEqualTo(412);
        assertThat(web.send(web.inProfile("/rules/a")
                                .header("If-Match", "\"1\"")
                                .DELETE())
                        .status())
                .isEqualTo(204);
        assertThat(web.send(web.inProfile("/rules/a").DELETE()).status()).isEqualTo(404);
    }

    @Test
    void a_reader_with_the_newest_revision_gets_no_body() {
        web.put("/rules/a", JSON, rule("a", 1));
        WebServer.Reply reply = web.send(web.inProfile("/rules/a").header("If-None-Match", "\"1\""));
        assertThat(reply.status()).isEqualTo(304);
        assertThat(reply.text()).isEmpty();
    }

    @Test
    void a_document_may_be_yaml() {
        String yaml = "apiVersion: helix/v1\nkind: Rule\nmetadata:\n  name: a\nspec: {}\n";
        assertThat(web.put("/rules/a", "application/yaml", yaml).status()).isEqualTo(201);
        assertThat(web.put("/rules/a", "application/yaml", "a: [").status()).isEqualTo(400);
    }

    @Test
    void a_document_for_another_path_is_refused_with_each_place() {
        WebServer.Reply reply = web.put("/recipes/a", JSON, rule("b", 1));
        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.json().at("/problems/0/where").asText()).isEqualTo("Recipe/a kind");
        assertThat(reply.json().at("/problems/1/message").asText()).contains("'a'");
        assertThat(web.put("/recipes/a", JSON, "[]").status()).isEqualTo(400);
        assertThat(web.put("/recipes/a", JSON, "{").status()).isEqualTo(400);
    }

    @Test
    void many_documents_are_applied_at_once_or_only_tried() {
        String two = rule("a", 1) + "\n" + rule("b", 1);
        WebServer.Reply tried = web.post("/apply?dryRun=true", JSON, two);
        assertThat(tried.json().at("/items/1/outcome").asText()).isEqualTo("CREATED");
        assertThat(web.get("/rules").json().get("items")).isEmpty();
        assertThat(web.post("/apply", JSON, two).json().at("/items/1/name").asText())
                .isEqualTo("b");
        assertThat(web.get("/rules").json().get("items")).hasSize(2);
        WebServer.Reply broken = web.post("/apply", JSON, "{");
        assertThat(broken.status()).isEqualTo(422);
        assertThat(broken.json().at("/problems/0/where").asText()).isEqualTo("line 1");
    }

    @Test
    void a_fact_is_set_shown_listed_and_removed() {
        assertThat(web.put("/facts/maintenance", "application/json", "true")
                        .json()
                        .get("value")
                        .asBoolean())
                .isTrue();
        assertThat(web.get("/facts/maintenance").json().get("since").asText()).isNotEmpty();
        assertThat(web.get("/facts").json().at("/items/0/name").asText()).isEqualTo("maintenance");
        assertThat(web.put("/facts/maintenance", "application/json", "").status())
                .isEqualTo(400);
        assertThat(web.put("/facts/maintenance", "application/json", "{").status())
                .isEqualTo(400);
        assertThat(web.send(web.inProfile("/facts/maintenance").DELETE()).status())
                .isEqualTo(204);
        assertThat(web.get("/facts/maintenance").status()).isEqualTo(404);
    }
}
