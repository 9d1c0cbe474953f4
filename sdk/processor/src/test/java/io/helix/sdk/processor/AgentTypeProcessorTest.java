package io.helix.sdk.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentKind;
import io.helix.api.agent.AgentType;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentTypeProcessorTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void an_annotated_class_becomes_a_registered_agent_type() throws Exception {
        MemoryCompiler.Outcome outcome = compile("@Config(\"Who \\\"to\\\" greet\") String name");

        AgentType type = type(outcome);
        assertThat(type.descriptor().type()).isEqualTo("hello.greet");
        assertThat(type.descriptor().version()).isEqualTo("1.2.3");
        assertThat(type.descriptor().kind()).isEqualTo(AgentKind.ACTION);
        assertThat(type.descriptor().description()).isEqualTo("Says \"hello\" \\ höflich.");
        assertThat(type.create().getClass().getName()).isEqualTo("sample.Hello");
        String component = new String(outcome.classes().get("sample.HelloAgentType"), StandardCharsets.ISO_8859_1);
        assertThat(component)
                .contains("org/osgi/service/component/annotations/Component", "helix.agent.type=hello.greet");
    }

    @Test
    void the_schema_is_closed_and_lists_what_is_required() throws Exception {
        JsonNode schema = schema("""
                String name,
                @Config(value = "d", defaultValue = "3", min = 1, max = 9) int times,
                @Config(value = "o", optional = true) String note""");

        assertThat(schema).isEqualTo(JSON.readTree("""
                {"$schema": "https://json-schema.org/draft/2020-12/schema",
                 "type": "object",
                 "properties": {
                   "name": {"type": "string"},
                   "times": {"description": "d", "type": "integer", "minimum": 1, "maximum": 9, "default": 3},
                   "note": {"description": "o", "type": "string"}},
                 "required": ["name"],
                 "additionalProperties": false}"""));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '~', textBlock = """
            long                                        ~ {"type":"integer"}
            Double                                      ~ {"type":"number"}
            Boolean                                     ~ {"type":"boolean"}
            java.time.Duration                          ~ {"type":"string","pattern":"^[0-9]{1,9}(ms|s|m|h|d)$"}
            com.fasterxml.jackson.databind.JsonNode     ~ {}
            com.fasterxml.jackson.databind.node.ObjectNode ~ {"type":"object"}
            java.util.List<String>                      ~ {"type":"array","items":{"type":"string"}}
            java.util.Map<String, Boolean>              ~ {"type":"object","additionalProperties":{"type":"boolean"}}
            Mode                                        ~ {"type":"string","enum":["fast","fail-late"]}
            """)
    void each_type_has_its_schema(String javaType, String expected) throws Exception {
        assertThat(schema(javaType + " it").at("/properties/it")).isEqualTo(JSON.readTree(expected));
    }

    @Test
    void nested_records_are_described_and_their_defaults_filled_in() throws Exception {
        AgentType type = type(compile("Inner inner, java.util.List<Inner> more"));

        assertThat(type.descriptor()
                        .configSchema()
                        .at("/properties/inner/required/0")
                        .asText())
                .isEqualTo("a");
        Object config = type.config((ObjectNode) JSON.readTree("{\"inner\":{\"a\":\"x\"},\"more\":[{\"a\":\"y\"}]}"));
        assertThat(config)
                .hasToString(
                        "C[inner=Inner[a=x, mode=FAIL_LATE, pause=PT5S], more=[Inner[a=y, mode=FAIL_LATE, pause=PT5S]]]");
    }

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "5s,PT5S", "10m,PT10M", "2h,PT2H", "7d,PT168H"})
    void durations_are_written_with_their_unit(String text, String expected) throws Exception {
        AgentType type = type(compile("java.time.Duration pause"));

        assertThat(type.config(JSON.createObjectNode().put("pause", text))).hasToString("C[pause=" + expected + "]");
    }

    @Test
    void a_duration_without_unit_is_refused_with_an_example() throws Exception {
        AgentType type = type(compile("java.time.Duration pause"));

        assertThatThrownBy(() -> type.config(JSON.createObjectNode().put("pause", "5")))
                .isInstanceOf(HelixException.class)
                .hasMessageContaining("'5' is not a duration");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            java.util.Date when                                   | cannot be used in a configuration
            java.util.Map<Integer, String> map                    | cannot be used in a configuration
            C self                                                | must not contain itself
            @Config(value="x", optional=true) int count           | give it a defaultValue
            @Config(value="x", defaultValue="POST") String method | write JSON text
            @Config(value="x", defaultValue="true") String method | does not fit
            @Config(value="x", defaultValue="1.5") int count      | does not fit
            @Config(value="x", defaultValue="[1") JsonNode any    | not JSON at character 3
            @Config(value="x", min=1) String text                 | min and max are for numbers
            @Config(value="x", min=2, max=1) int count            | min is greater than max
            @Config(value="x", pattern="(") String text           | not a regular expression
            @Config(value="x", pattern="a") int count             | pattern is for strings
            @Config(value="x", defaultValue="'no'") Mode mode     | not JSON
            """)
    void a_component_that_cannot_work_is_an_error_at_its_place(String component, String message) throws Exception {
        MemoryCompiler.Outcome outcome = compile(component);

        assertThat(outcome.success()).isFalse();
        assertThat(outcome.messages()).anySatisfy(it -> assertThat(it).contains(message));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            class A implements Action<C> { PERFORM }                                  | must be public
            public abstract class A implements Action<C> { PERFORM }                  | not abstract
            public class A implements Action<C> { A() {} PERFORM }                    | public constructor without parameters
            public class A implements Action<C> { public A(int i) {} PERFORM }        | public constructor without parameters
            public class A { }                                                        | must implement io.helix.api.agent.Action<C>
            public class A implements Transformer<C> { public void transform(io.helix.api.event.Event e, TransformContext<C> c) {} } | must implement io.helix.api.agent.Action<C>
            public class A implements Action<String> { public JsonNode perform(io.helix.api.event.Event e, ActionContext<String> c) { return null; } } | must be a record
            public record A(C c) implements Action<C> { PERFORM }                     | top-level class
            """)
    void a_class_that_cannot_be_an_agent_is_an_error(String declaration, String message) throws Exception {
        MemoryCompiler.Outcome outcome = MemoryCompiler.compile(
                "sample.A",
                """
                package sample;
                import io.helix.api.agent.*;
                import com.fasterxml.jackson.databind.JsonNode;
                @ActionAgent(type = "a.b", description = "d")
                """
                        + declaration.replace(
                                "PERFORM",
                                "public JsonNode perform(io.helix.api.event.Event e, ActionContext<C> c) { return null; }")
                        + "\nrecord C(String name) {}");

        assertThat(outcome.success()).isFalse();
        assertThat(outcome.messages()).anySatisfy(it -> assertThat(it).contains(message));
    }

    @ParameterizedTest
    @CsvSource({
        "type = \"Hello\", use lower-case words joined by dots",
        "type = \"a..b\", use lower-case words joined by dots",
        "type = \"a\"; version = \"1.0\", use major.minor.patch"
    })
    void names_and_versions_are_checked_at_build_time(String attributes, String message) throws Exception {
        MemoryCompiler.Outcome outcome =
                MemoryCompiler.compile("sample.Hello", source("String a", attributes.replace(';', ',')));

        assertThat(outcome.success()).isFalse();
        assertThat(outcome.messages()).anySatisfy(it -> assertThat(it).contains(message));
    }

    @Test
    void the_configuration_may_be_inherited_through_a_base_class() throws Exception {
        MemoryCompiler.Outcome outcome = MemoryCompiler.compile("sample.Hello", """
                package sample;
                import io.helix.api.agent.*;
                @SourceAgent(type = "a.b", description = "d")
                public class Hello extends Base<Hello.C> {
                    record C(boolean on) {}
                }
                abstract class Base<T> implements Source<T> {
                    @Override public void start(SourceContext<T> context) {}
                }
                """);

        assertThat(type(outcome)
                        .descriptor()
                        .configSchema()
                        .at("/properties/on/type")
                        .asText())
                .isEqualTo("boolean");
    }

    private static JsonNode schema(String components) throws Exception {
        return type(compile(components)).descriptor().configSchema();
    }

    private static AgentType type(MemoryCompiler.Outcome outcome) throws Exception {
        assertThat(outcome.messages()).isEmpty();
        return (AgentType) outcome.create("sample.HelloAgentType");
    }

    private static MemoryCompiler.Outcome compile(String components) throws Exception {
        return MemoryCompiler.compile(
                "sample.Hello", source(components, "type = \"hello.greet\", version = \"1.2.3\""));
    }

    private static String source(String components, String attributes) {
        return """
                package sample;
                import com.fasterxml.jackson.databind.JsonNode;
                import io.helix.api.agent.*;
                import io.helix.api.event.Event;
                @ActionAgent(%s, description = "Says \\"hello\\" \\\\ höflich.")
                public final class Hello implements Action<Hello.C> {
                    record C(%s) {}
                    record Inner(
                            String a,
                            @Config(value = "m", defaultValue = "\\"fail-late\\"") Mode mode,
                            @Config(value = "w", defaultValue = "\\"5s\\"") java.time.Duration pause) {}
                    enum Mode { FAST, FAIL_LATE }
                    @Override public JsonNode perform(Event event, ActionContext<C> context) { return event.data(); }
                }
                """.formatted(attributes, components);
    }
}
