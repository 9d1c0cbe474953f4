package io.helix.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The description of the API for tools; kept by hand and compared with the route table by a test. */
final class OpenApiDocument {
    private OpenApiDocument() {}

    static JsonNode read() {
        try (InputStream in = OpenApiDocument.class.getResourceAsStream("openapi.yaml")) {
            return JsonForms.parseYaml(
                    Objects.requireNonNull(in, "openapi.yaml").readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
