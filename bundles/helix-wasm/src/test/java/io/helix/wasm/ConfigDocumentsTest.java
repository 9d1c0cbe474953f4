package io.helix.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.event.EventFormat;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConfigDocumentsTest {
    private final ConfigDocuments documents = new ConfigDocuments();

    private static ObjectNode config(int limit) {
        return EventFormat.json().createObjectNode().put("limit", limit);
    }

    private String get(ObjectNode config, String key) throws HostRefusal {
        return new String(documents.get(config, key, Encoding.JSON), StandardCharsets.UTF_8);
    }

    @Test
    void what_was_written_once_is_kept() throws HostRefusal {
        ObjectNode config = config(7);

        assertThat(documents.get(config, "", Encoding.JSON)).isSameAs(documents.get(config, "", Encoding.JSON));
        assertThat(get(config, "limit")).isEqualTo("7");
    }

    @Test
    void another_configuration_is_written_anew() throws HostRefusal {
        assertThat(get(config(7), "limit")).isEqualTo("7");
        assertThat(get(config(8), "limit")).isEqualTo("8");
    }

    @Test
    void a_missing_member_is_refused_every_time() {
        for (int i = 0; i < 2; i++) {
            HostRefusal refusal = catchThrowableOfType(HostRefusal.class, () -> get(config(7), "nmae"));
            assertThat(refusal.code()).isEqualTo(HostRefusal.Code.NOT_FOUND);
        }
    }
}
