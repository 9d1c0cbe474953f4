package io.helix.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.event.EventFormat;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrialSecretsTest {
    private final TrialSecrets secrets = new TrialSecrets();

    private static JsonNode json(String text) {
        return EventFormat.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_secret_that_was_given_is_hidden_wherever_it_is() {
        secrets.give("s3cret");

        assertThat(secrets.hidden("https://a.b/?key=s3cret&again=s3cret")).isEqualTo("https://a.b/?key=***&again=***");
    }

    @Test
    void a_secret_is_known_again_in_the_forms_in_which_it_is_sent() {
        secrets.give(" a \"b\"/c\n");

        assertThat(secrets.hidden("as it is: a \"b\"/c.")).isEqualTo("as it is: ***.");
        assertThat(secrets.hidden("in JSON: a \\\"b\\\"/c.")).isEqualTo("in JSON: ***.");
        assertThat(secrets.hidden("in a query: a+%22b%22%2Fc.")).isEqualTo("in a query: ***.");
        assertThat(secrets.hidden("in a path: a%20%22b%22%2Fc.")).isEqualTo("in a path: ***.");
        assertThat(secrets.hidden("as base64: YSAiYiIvYw==")).isEqualTo("as base64: ***==");
    }

    @Test
    void a_secret_of_several_lines_is_known_again_on_one() {
        secrets.give("begin\nend\n");

        assertThat(secrets.hidden("INFO begin end")).isEqualTo("INFO ***");
        assertThat(secrets.hidden("{\"pem\":\"begin\\nend\"}")).isEqualTo("{\"pem\":\"***\"}");
    }

    @Test
    void of_two_secrets_the_longer_one_is_looked_for_first() {
        secrets.give("pass");
        secrets.give("password");

        assertThat(secrets.hidden("password pass")).isEqualTo("*** ***");
    }

    @Test
    void a_short_secret_is_hidden_in_headers_only() {
        secrets.give("abc");

        assertThat(secrets.hidden("abcdef")).isEqualTo("abcdef");
        assertThat(secrets.hiddenInHeader("Bearer abc")).isEqualTo("Bearer ***");
    }

    @Test
    void an_empty_secret_hides_nothing() {
        secrets.give(" ");

        assertThat(secrets.hidden("a b")).isEqualTo("a b");
        assertThat(secrets.hiddenInHeader("a b")).isEqualTo("a b");
    }

    @Test
    void texts_numbers_and_the_names_that_a_guest_chose_are_hidden_at_every_level() {
        secrets.give("1234567");
        secrets.give("value");

        assertThat(secrets.hidden(
                        json(
                                "{\"value\":[{\"n\":1234567,\"ok\":true}],\"data\":{\"value\":[{\"a value\":\"value\"}]}}"),
                        Set.of("data")))
                .isEqualTo(json("{\"value\":[{\"n\":\"***\",\"ok\":true}],\"data\":{\"***\":[{\"a ***\":\"***\"}]}}"));
    }

    @Test
    void bytes_that_are_no_text_keep_all_but_the_secret() {
        secrets.give("schlüssel");
        byte[] bytes = "-schlüssel-".getBytes(StandardCharsets.UTF_8);
        bytes[0] = (byte) 0xff;
        bytes[bytes.length - 1] = 0;

        assertThat(secrets.hidden(bytes)).containsExactly(0xff, '*', '*', '*', 0);
    }

    @Test
    void nothing_is_changed_while_nothing_was_given() {
        JsonNode node = json("{\"a\":1}");

        assertThat(secrets.hidden(node, Set.of())).isSameAs(node);
    }

    @Test
    void there_is_a_bound_since_each_is_looked_for_everywhere() {
        for (int i = 0; i < TrialSecrets.MOST; i++) {
            secrets.give("secret " + i);
            secrets.give("secret " + i);
        }

        assertThatThrownBy(() -> secrets.give("one more"))
                .isInstanceOfSatisfying(
                        HelixException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFLICT));
    }
}
