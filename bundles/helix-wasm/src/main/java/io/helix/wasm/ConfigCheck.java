package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.helix.api.HelixException;
import io.helix.api.Problem;
import io.helix.api.rule.Nearest;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a configuration fits its schema, in the words of a server. For {@link TestCommand} alone: in a server, who asks
 * this bundle for something has checked it, and the validator is not there.
 */
final class ConfigCheck {
    private ConfigCheck() {}

    /** @throws HelixException INVALID */
    static void requireFitting(JsonNode config, JsonNode schema) {
        List<Problem> problems =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(schema)
                        .validate(config)
                        .stream()
                        .map(error -> problem(error, schema))
                        .toList();
        if (!problems.isEmpty()) {
            throw HelixException.invalid(problems);
        }
    }

    private static Problem problem(Error error, JsonNode schema) {
        String path =
                error.getInstanceLocation().toString().replaceAll("^\\$?/?", "").replace('/', '.');
        String message = error.getMessage().replaceAll("^[$/]\\S*: ", "");
        return new Problem(path.isEmpty() ? "config" : "config." + path, message + hint(error, schema));
    }

    private static String hint(Error error, JsonNode schema) {
        if (!"additionalProperties".equals(error.getKeyword()) || error.getProperty() == null) {
            return "";
        }
        List<String> known = new ArrayList<>();
        schema.path("properties").fieldNames().forEachRemaining(known::add);
        String nearest = Nearest.to(error.getProperty(), known);
        return nearest == null ? "" : " (did you mean '" + nearest + "'?)";
    }
}
