package io.helix.runtime.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.helix.api.Problem;
import io.helix.api.agent.AgentDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Checks configurations against the JSON Schemas of agent types. Schemas never reach out for others. */
public final class ConfigSchemas {
    private static final int REMEMBERED = 1_000;

    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final Map<JsonNode, Schema> compiled = new ConcurrentHashMap<>();

    public List<Problem> check(AgentDescriptor type, JsonNode config, String where) {
        if (compiled.size() > REMEMBERED) {
            compiled.clear();
        }
        Schema schema = compiled.computeIfAbsent(type.configSchema(), registry::getSchema);
        List<Problem> problems = new ArrayList<>();
        for (Error error : schema.validate(config)) {
            String path = error.getInstanceLocation()
                    .toString()
                    .replaceAll("^\\$?/?", "")
                    .replace('/', '.');
            String message = error.getMessage().replaceAll("^[$/]\\S*: ", "");
            problems.add(new Problem(path.isEmpty() ? where : where + "." + path, message + hint(error, type)));
        }
        return problems;
    }

    private static String hint(Error error, AgentDescriptor type) {
        if (!"additionalProperties".equals(error.getKeyword()) || error.getProperty() == null) {
            return "";
        }
        List<String> known = new ArrayList<>();
        type.configSchema().path("properties").fieldNames().forEachRemaining(known::add);
        return Suggestion.of(error.getProperty(), known);
    }
}
