package io.helix.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.sdk.testing.control.FakeControlPlane;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OpenApiDocumentTest {
    private final JsonNode document = OpenApiDocument.read();
    private final RouteTable table = ApiRoutes.table(new FakeControlPlane(), InstantSource.system());

    @Test
    void it_describes_exactly_the_routes_that_exist() {
        Set<String> described = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
            path.getValue().fieldNames().forEachRemaining(method -> {
                if (!method.equals("parameters")) {
                    described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                }
            });
        }
        Set<String> routed = table.routes().stream()
                .map(route -> route.method() + " " + route.template())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(described).isEqualTo(routed);
    }

    @Test
    void only_routes_without_a_key_are_described_as_such() {
        for (Route route : table.routes()) {
            JsonNode operation = document.at("/paths")
                    .get(route.template())
                    .get(route.method().toLowerCase(Locale.ROOT));
            assertThat(operation.has("security")).as(route.template()).isEqualTo(route.open());
        }
    }

    @Test
    void operation_ids_are_unique_and_references_lead_somewhere() {
        Set<String> ids = new HashSet<>();
        for (JsonNode id : document.findValues("operationId")) {
            assertThat(ids.add(id.asText())).as(id.asText()).isTrue();
        }
        for (JsonNode reference : document.findValues("$ref")) {
            assertThat(document.at(reference.asText().substring(1)).isMissingNode())
                    .as(reference.asText())
                    .isFalse();
        }
    }

    @Test
    void no_route_is_hidden_by_an_earlier_one() {
        Set<String> shapes = new HashSet<>();
        for (Route route : table.routes()) {
            String shape = route.method() + " " + route.template().replaceAll("\\{[^}]*}", "{}");
            assertThat(shapes.add(shape)).as(shape).isTrue();
        }
    }
}
