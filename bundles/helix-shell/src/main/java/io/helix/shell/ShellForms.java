package io.helix.shell;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.control.ControlJson;
import io.helix.api.event.EventFormat;
import io.helix.api.recipe.Run;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How values look in JSON, YAML and tables. */
final class ShellForms {
    private static final ObjectWriter JSON = ControlJson.mapper().writerWithDefaultPrettyPrinter();
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build();

    private ShellForms() {}

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new HelixException(ErrorKind.INTERNAL, "cannot show this as JSON", e);
        }
    }

    static String yaml(JsonNode value) {
        try {
            return YAML.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new HelixException(ErrorKind.INTERNAL, "cannot show this as YAML", e);
        }
    }

    /** What a person typed: JSON, or else plain text. */
    static JsonNode value(String text) {
        try {
            JsonNode node = EventFormat.parse(text.getBytes(StandardCharsets.UTF_8));
            return node.isMissingNode() ? TextNode.valueOf(text) : node;
        } catch (HelixException e) {
            return TextNode.valueOf(text);
        }
    }

    static String state(Run run) {
        return run.state().name().toLowerCase(Locale.ROOT) + (run.late() ? ", late" : "");
    }

    /** UTC to the second. */
    static String time(@Nullable Instant time) {
        return time == null
                ? "-"
                : time.truncatedTo(ChronoUnit.SECONDS)
                        .toString()
                        .replace('T', ' ')
                        .replace("Z", "");
    }
}
