package io.helix.api.control;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.helix.api.HelixException;
import io.helix.api.control.ControlPlane.Applied;
import io.helix.api.control.ControlPlane.RuleTestReport;
import io.helix.api.document.Document;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.api.event.StoredMessage;
import io.helix.api.store.ApiKeys.ApiKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * How answers of the control plane look in JSON, the same at every edge: times as ISO text, what is absent left out,
 * digests of keys never.
 */
public final class ControlJson {
    private static final ObjectMapper MAPPER = make();

    private ControlJson() {}

    /** Writes answers; must not be reconfigured. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    private static ObjectMapper make() {
        JsonMapper mapper = JsonMapper.builder()
                .addModule(forms())
                .addMixIn(ApiKey.class, ApiKeyForm.class)
                .addMixIn(Applied.class, AppliedForm.class)
                .addMixIn(RuleTestReport.class, RuleTestForm.class)
                .defaultPropertyInclusion(JsonInclude.Value.ALL_NON_NULL)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
        mapper.configOverride(JsonNode.class)
                .setInclude(JsonInclude.Value.construct(
                        JsonInclude.Include.CUSTOM, JsonInclude.Include.ALWAYS, Absent.class, null));
        return mapper;
    }

    private static SimpleModule forms() {
        return new SimpleModule("helix")
                .addSerializer(Instant.class, ToStringSerializer.instance)
                .addSerializer(Duration.class, ToStringSerializer.instance)
                .addSerializer(new Form<>(Kind.class, (kind, json) -> TextNode.valueOf(kind.word())))
                .addSerializer(new Form<>(Event.class, (event, json) -> EventFormat.toJson(event)))
                .addSerializer(new Form<>(Document.class, ControlJson::document))
                .addSerializer(new Form<>(StoredMessage.class, ControlJson::message));
    }

    private static JsonNode document(Document document, ObjectMapper json) {
        DocumentKey key = document.key();
        return json.createObjectNode()
                .put("kind", key.kind().word())
                .put("name", key.name())
                .put("profile", key.profile())
                .put("revision", document.revision())
                .put("author", document.author())
                .put("time", document.time().toString())
                .set("content", document.content());
    }

    private static JsonNode message(StoredMessage message, ObjectMapper json) {
        var node = json.createObjectNode()
                .put("sequence", message.sequence())
                .put("channel", message.channel().name())
                .put("profile", message.profile())
                .put("route", message.route())
                .put("id", message.id())
                .put("stored", message.stored().toString());
        node.set("headers", json.valueToTree(message.headers()));
        JsonNode body = parsed(message.body());
        return body == null ? node.set("bodyBase64", BinaryNode.valueOf(message.body())) : node.set("body", body);
    }

    private static @Nullable JsonNode parsed(byte[] body) {
        try {
            JsonNode node = EventFormat.parse(body);
            return node.isMissingNode() ? null : node;
        } catch (HelixException e) {
            return null;
        }
    }

    /** The digest is as good as a secret to who wants to guess it. */
    @JsonIgnoreProperties("digest")
    private interface ApiKeyForm {}

    interface AppliedForm {
        @JsonUnwrapped
        DocumentKey key();
    }

    @JsonPropertyOrder({"rule", "passed", "cases"})
    interface RuleTestForm {
        @JsonProperty("passed")
        boolean passed();
    }

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

    /** Writes a type by way of a tree. */
    private static final class Form<T> extends StdSerializer<T> {
        private static final long serialVersionUID = 1L;

        private final transient BiFunction<T, ObjectMapper, JsonNode> form;

        Form(Class<T> type, BiFunction<T, ObjectMapper, JsonNode> form) {
            super(type);
            this.form = form;
        }

        @Override
        public void serialize(T value, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeTree(form.apply(value, EventFormat.json()));
        }
    }
}
