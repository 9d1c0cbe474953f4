package io.helix.shell;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.store.ApiKeys.ApiKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** How values look in JSON, YAML and tables. */
final class ShellForms {
    private static final ObjectMapper JSON = mapper();
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

    /** UTC to the second. */
    static String time(@Nullable Instant time) {
        return time == null
                ? "-"
                : time.truncatedTo(ChronoUnit.SECONDS)
                        .toString()
                        .replace('T', ' ')
                        .replace("Z", "");
    }

    private static ObjectMapper mapper() {
        JsonMapper mapper = JsonMapper.builder()
                .addModule(new SimpleModule("helix").addSerializer(Instant.class, ToStringSerializer.instance))
                .addMixIn(ApiKey.class, ApiKeyForm.class)
                .defaultPropertyInclusion(JsonInclude.Value.ALL_NON_NULL)
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build();
        mapper.configOverride(JsonNode.class)
                .setInclude(JsonInclude.Value.construct(
                        JsonInclude.Include.CUSTOM, JsonInclude.Include.ALWAYS, Absent.class, null));
        return mapper;
    }

    /** The digest is as good as a secret to who wants to guess it. */
    @JsonIgnoreProperties("digest")
    private interface ApiKeyForm {}

    /** Filters a property out: Jackson leaves out what is equal to the filter. */
    static final class Absent {
        @Override
        public boolean equals(@Nullable Object other) {
            return other == null || other instanceof MissingNode;
        }

        @Override
        public int hashCode() {
            return 0;
        }
    }
}
