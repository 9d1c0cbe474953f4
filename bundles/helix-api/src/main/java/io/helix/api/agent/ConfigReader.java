package io.helix.api.agent;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a configuration into its record. Called by generated code. */
public final class ConfigReader {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .annotationIntrospector(new YamlConstants())
            .addModule(new SimpleModule().addDeserializer(Duration.class, new Durations()))
            .build();

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    private ConfigReader() {}

    /**
     * Fills in the defaults of {@code schema}, at every level, then reads {@code json}. Constants of enums are written
     * in lower case with hyphens; durations as {@code 500ms}, {@code 5s}, {@code 10m}, {@code 2h} or {@code 7d}.
     */
    public static <C> C read(ObjectNode json, JsonNode schema, Class<C> type) {
        ObjectNode complete = json.deepCopy();
        fillIn(complete, schema);
        try {
            return MAPPER.treeToValue(complete, type);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw unreadable(e);
        }
    }

    private static void fillIn(JsonNode value, JsonNode schema) {
        switch (value) {
            case ObjectNode object -> {
                for (Map.Entry<String, JsonNode> property :
                        schema.path("properties").properties()) {
                    JsonNode absent = property.getValue().get("default");
                    if (absent != null && !object.has(property.getKey())) {
                        object.set(property.getKey(), absent.deepCopy());
                    }
                }
                for (Map.Entry<String, JsonNode> field : object.properties()) {
                    JsonNode declared = schema.path("properties").path(field.getKey());
                    fillIn(field.getValue(), declared.isMissingNode() ? schema.path("additionalProperties") : declared);
                }
            }
            case ArrayNode array -> array.forEach(item -> fillIn(item, schema.path("items")));
            default -> {}
        }
    }

    private static HelixException unreadable(Exception e) {
        // What a compact constructor says to the author of the document is the whole message.
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof HelixException known) {
                return known;
            }
        }
        String message = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        return new HelixException(ErrorKind.INVALID, "configuration cannot be read: " + message, e);
    }

    private static final class YamlConstants extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public String[] findEnumValues(
                MapperConfig<?> config, AnnotatedClass annotated, Enum<?>[] constants, String[] names) {
            for (int i = 0; i < constants.length; i++) {
                names[i] = constants[i].name().toLowerCase(Locale.ROOT).replace('_', '-');
            }
            return names;
        }
    }

    private static final class Durations extends StdDeserializer<Duration> {
        private static final long serialVersionUID = 1L;

        Durations() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            String text = parser.getText();
            return duration(text == null ? "" : text);
        }
    }

    /**
     * Reads {@code 500ms}, {@code 5s}, {@code 10m}, {@code 2h} or {@code 7d}.
     *
     * @throws HelixException INVALID when it is none
     */
    public static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw HelixException.invalid(
                    "'" + text + "' is not a duration: write a number and a unit, e.g. 500ms, 5s, 10m, 2h or 7d");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** Parses the schema text that generated code carries. */
    public static JsonNode schema(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new HelixException(ErrorKind.INTERNAL, "configuration schema is not JSON", e);
        }
    }
}
