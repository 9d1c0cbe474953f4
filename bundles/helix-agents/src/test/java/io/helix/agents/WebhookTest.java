package io.helix.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.HelixException;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.WebhookReceiver.Reply;
import io.helix.sdk.testing.agent.AgentKit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTest {
    private static final String SECRET = "It's a Secret to Everybody";
    private static final String ISSUE = "{\"action\":\"opened\",\"repository\":{\"full_name\":\"ada/engine\"}}";

    @Test
    void json_becomes_an_event_and_is_answered_once_durable() throws Exception {
        AgentKit kit = started("\"eventType\": \"shop.order\", \"subject\": \"/order/id\"");

        Reply reply = kit.post("{\"order\": {\"id\": 17}}");

        assertThat(reply.status()).isEqualTo(202);
        EventDraft draft = kit.emitted().get(0);
        assertThat(draft.type()).isEqualTo("shop.order");
        assertThat(draft.subject()).isEqualTo("17");
        assertThat(draft.id()).isNull();
    }

    @Test
    void the_signature_of_github_is_checked_over_the_raw_bytes() throws Exception {
        // The example of GitHub's own documentation.
        AgentKit kit = github("");

        Reply reply = kit.request(
                "POST",
                "Hello, World!".getBytes(StandardCharsets.UTF_8),
                "X-Hub-Signature-256",
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");

        assertThat(reply.status()).as("signed, but no JSON").isEqualTo(400);
        assertThat(reply.detail()).contains("line 1, column");
    }

    @Test
    void an_event_of_github_has_its_name_its_action_and_its_delivery_id() throws Exception {
        AgentKit kit = github(", \"subject\": \"/repository/full_name\"");

        Reply reply = deliver(kit, ISSUE, "d-1");

        assertThat(reply.status()).isEqualTo(202);
        EventDraft draft = kit.emitted().get(0);
        assertThat(draft.type()).isEqualTo("github.issues.opened");
        assertThat(draft.subject()).isEqualTo("ada/engine");
        assertThat(draft.id()).isEqualTo("d-1");
        assertThat(kit.credentials().reads()).containsExactly("hook for webhook-signature");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha256=",
                "sha256=zz",
                "sha1=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
                "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
                "sha256=0000000000000000000000000000000000000000000000000000000000000000"
            })
    void a_missing_or_wrong_signature_is_refused(String signature) throws Exception {
        AgentKit kit = github("");

        Reply reply = kit.post(ISSUE, "X-Hub-Signature-256", signature, "X-GitHub-Delivery", "d-1");

        assertThat(reply.status()).isEqualTo(401);
        assertThat(kit.emitted()).isEmpty();
    }

    @Test
    void a_changed_byte_breaks_the_signature() throws Exception {
        AgentKit kit = github("");

        Reply reply = kit.post(ISSUE + " ", "X-Hub-Signature-256", "sha256=" + hex(ISSUE), "X-GitHub-Delivery", "d-1");

        assertThat(reply.status()).isEqualTo(401);
    }

    @Test
    void without_the_credential_the_sender_learns_nothing_and_the_operator_all() throws Exception {
        AgentKit kit = AgentKit.of(new WebhookAgentType(), "{\"signature\": \"github\", \"credential\": \"hook\"}")
                .start();

        Reply reply = deliver(kit, ISSUE, "d-1");

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.detail()).doesNotContain("hook'");
        assertThat(kit.log()).anyMatch(it -> it.startsWith("ERROR") && it.contains("'hook'"));
    }

    @Test
    void an_empty_secret_does_not_let_anybody_in() throws Exception {
        AgentKit kit = github("").credential("hook", "");

        assertThat(deliver(kit, ISSUE, "d-1").status()).isEqualTo(500);
        assertThat(kit.emitted()).isEmpty();
    }

    @Test
    void a_generic_signature_covers_a_recent_timestamp() throws Exception {
        AgentKit kit = AgentKit.of(new WebhookAgentType(), """
                        {"signature": "generic", "credential": "hook", "hmac": {"header": "X-Sig", "encoding": "base64",
                         "prefix": "v1=", "timestampHeader": "X-Time", "tolerance": "2m"}}""")
                .credential("hook", SECRET)
                .start();
        String seconds = Long.toString(kit.clock().instant().getEpochSecond());
        String signature = "v1=" + Base64.getEncoder().encodeToString(hmac(seconds + ".{}"));

        assertThat(kit.post("{}", "X-Sig", signature, "X-Time", seconds).status())
                .isEqualTo(202);
        assertThat(kit.post("{}", "X-Sig", signature, "X-Time", seconds + "0").status())
                .isEqualTo(401);
        assertThat(kit.post("{}", "X-Sig", signature).status()).isEqualTo(401);
        kit.clock().advance(Duration.ofMinutes(3));
        assertThat(kit.post("{}", "X-Sig", signature, "X-Time", seconds).status())
                .as("replayed")
                .isEqualTo(401);
    }

    @Test
    void a_repeated_delivery_is_accepted_but_stored_once_also_after_a_restart() throws Exception {
        AgentKit kit = github("");

        deliver(kit, ISSUE, "d-1");
        assertThat(deliver(kit, ISSUE, "d-1").status()).isEqualTo(202);
        kit.restart(Duration.ofHours(20));
        assertThat(deliver(kit, ISSUE, "d-1").status()).isEqualTo(202);
        deliver(kit, ISSUE, "d-2");

        assertThat(kit.emitted()).extracting(EventDraft::id).containsExactly("d-1", "d-2");
    }

    @Test
    void a_delivery_that_could_not_be_stored_may_come_again() throws Exception {
        AgentKit kit = github("");
        kit.source().refuseEmits(HelixException.unavailable("full"));
        assertThat(deliver(kit, ISSUE, "d-1").status()).isEqualTo(503);

        kit.source().refuseEmits(null);
        assertThat(deliver(kit, ISSUE, "d-1").status()).isEqualTo(202);
        assertThat(kit.emitted()).hasSize(1);
    }

    @Test
    void events_are_taken_also_while_the_state_is_away() throws Exception {
        AgentKit kit = github("");
        kit.state().setAway(true);

        assertThat(deliver(kit, ISSUE, "d-1").status()).isEqualTo(202);
        assertThat(kit.emitted()).hasSize(1);
    }

    @Test
    void what_is_remembered_is_bounded() throws Exception {
        AgentKit kit = started("\"deliveryIdHeader\": \"X-Id\"");
        for (int i = 0; i < 20_000; i++) {
            kit.post("{}", "X-Id", "id-" + i);
        }

        assertThat(kit.state().asMap()).hasSizeLessThanOrEqualTo(1024);
        assertThat(kit.state().asMap().values()).allMatch(it -> it.length() < 1000);
        int before = kit.emitted().size();
        kit.post("{}", "X-Id", "id-19999");
        assertThat(kit.emitted()).hasSize(before);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, application/json, {}, 405",
        "POST, text/plain, {}, 415",
        "POST, application/x-www-form-urlencoded, payload=1, 415",
        "POST, application/vnd.api+json; charset=utf-8, {}, 202",
        "POST, application/json, '', 400",
        "POST, application/json, '{\"a\":', 400",
        "POST, application/json, '{} {}', 400",
        "POST, application/json, '{\"long\": \"12345678901234567890\"}', 413"
    })
    void a_request_that_does_not_fit_is_told_why(String method, String contentType, String body, int status)
            throws Exception {
        AgentKit kit = started("\"maxBytes\": 20");

        Reply reply = kit.request(method, body.getBytes(StandardCharsets.UTF_8), "Content-Type", contentType);

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.detail()).isNotEmpty();
    }

    @Test
    void json_that_nests_without_end_is_refused() throws Exception {
        AgentKit kit = started("\"maxBytes\": 500000");

        assertThat(kit.post("[".repeat(200_000)).status()).isEqualTo(400);
    }

    @Test
    void headers_and_body_cannot_smuggle_their_way_into_type_subject_or_id() throws Exception {
        AgentKit kit = github(", \"subject\": \"/repository/full_name\"");
        String body = "{\"action\":\"a.b/c\",\"repository\":{\"full_name\":\"x\\ny\"}}";

        kit.post(
                body,
                "X-Hub-Signature-256",
                "sha256=" + hex(body),
                "X-GitHub-Delivery",
                "d-1",
                "X-GitHub-Event",
                "a b");
        Reply noId = kit.post(body, "X-Hub-Signature-256", "sha256=" + hex(body), "X-GitHub-Delivery", "d\t1");

        assertThat(kit.emitted()).hasSize(1);
        assertThat(kit.emitted().get(0).type()).isEqualTo("github");
        assertThat(kit.emitted().get(0).subject()).isNull();
        assertThat(noId.status()).isEqualTo(400);
    }

    @Test
    void an_event_that_policy_forbids_is_refused_without_details() throws Exception {
        AgentKit kit = started("\"eventType\": \"a.b\"");
        kit.source().refuseEmits(HelixException.forbidden("policy p17 says no"));

        Reply reply = kit.post("{}");

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.detail()).doesNotContain("p17");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"signature\": \"github\"}",
                "{\"credential\": \"unused\"}",
                "{\"methods\": []}",
                "{\"methods\": [\"TRACE\"]}",
                "{\"subject\": \"no/pointer\"}",
                "{\"dedupWindow\": \"30d\"}"
            })
    void a_configuration_that_cannot_work_is_refused_before_it_runs(String config) {
        assertThatThrownBy(() -> AgentKit.of(new WebhookAgentType(), config)).isInstanceOf(HelixException.class);
    }

    private static AgentKit started(String config) throws Exception {
        return AgentKit.of(new WebhookAgentType(), "{" + config + "}").start();
    }

    private static AgentKit github(String more) throws Exception {
        return started("\"signature\": \"github\", \"credential\": \"hook\"" + more)
                .credential("hook", SECRET);
    }

    private static Reply deliver(AgentKit kit, String body, String id) throws Exception {
        return kit.post(
                body,
                "X-Hub-Signature-256",
                "sha256=" + hex(body),
                "X-GitHub-Event",
                "issues",
                "X-GitHub-Delivery",
                id);
    }

    private static String hex(String body) throws Exception {
        return HexFormat.of().formatHex(hmac(body));
    }

    private static byte[] hmac(String body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return mac.doFinal(body.getBytes(StandardCharsets.UTF_8));
    }
}
