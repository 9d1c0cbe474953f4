package io.helix.runtime.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.Problem;
import java.util.List;

/** An agent as its document describes it. */
public record AgentDefinition(String profile, String name, TypeRef type, ObjectNode config, boolean enabled) {

    static AgentDefinition parse(String profile, String name, JsonNode spec, List<Problem> problems) {
        Fields fields = new Fields(spec, "spec", problems);
        fields.optionalText("description");
        TypeRef type = TypeRef.parse(fields.text("type"), fields, "type");
        AgentDefinition definition =
                new AgentDefinition(profile, name, type, fields.object("config"), fields.flag("enabled", true));
        fields.end();
        return definition;
    }
}
