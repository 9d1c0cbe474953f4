package io.helix.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;

/** Ten rules for each of a hundred event types; every event hits exactly one of them. Each rule starts a recipe. */
final class PipelineLoad {
    static final int RULES = 1_000;
    private static final int TYPES = 100;
    private static final int DOCUMENTS_PER_REQUEST = 250;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private PipelineLoad() {}

    /** Documents to apply, in parts. The recipe logs below the level that is written: it has no effect outside. */
    static List<String> documents() {
        String recipe = """
                apiVersion: helix/v1
                kind: Recipe
                metadata: {name: note}
                spec:
                  steps:
                    - id: note
                      uses: log@1
                      with: {level: debug, message: "{{ event.data.sku }} is {{ event.data.state }}"}
                """;
        List<String> parts = IntStream.range(0, RULES / DOCUMENTS_PER_REQUEST)
                .mapToObj(part -> String.join(
                        "---\n",
                        IntStream.range(part * DOCUMENTS_PER_REQUEST, (part + 1) * DOCUMENTS_PER_REQUEST)
                                .mapToObj(PipelineLoad::rule)
                                .toList()))
                .toList();
        return java.util.stream.Stream.concat(java.util.stream.Stream.of(recipe), parts.stream())
                .toList();
    }

    private static String rule(int number) {
        return """
                apiVersion: helix/v1
                kind: Rule
                metadata: {name: rule-%d}
                spec:
                  match:
                    type: [%s]
                    data:
                      state: [%s]
                      amount: [{numeric: [">=", 0]}]
                  then:
                    - recipe: note
                """.formatted(number, type(number), state(number));
    }

    /** The events {@code prefix0} and up; their time is now. */
    static ObjectNode event(String prefix, int number) {
        ObjectNode event = JSON.createObjectNode();
        event.put("specversion", "1.0")
                .put("id", prefix + number)
                .put("source", "/bench")
                .put("type", type(number))
                .put("time", Instant.now().truncatedTo(ChronoUnit.MICROS).toString());
        event.putObject("data")
                .put("state", state(number))
                .put("amount", number % 1_000)
                .put("sku", "SKU-" + number % 10_000)
                .put("city", "city" + number % 50)
                .put("note", "nothing looks at this text")
                .putObject("device")
                .put("id", "d" + number % 10_000)
                .put("battery", number % 100);
        return event;
    }

    private static String type(int number) {
        return "org.example.topic" + number % TYPES + ".changed";
    }

    private static String state(int number) {
        return "state" + number / TYPES % (RULES / TYPES);
    }
}
