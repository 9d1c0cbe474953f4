package io.helix.cedar;

import com.cedarpolicy.value.CedarList;
import com.cedarpolicy.value.CedarMap;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.IpAddress;
import com.cedarpolicy.value.PrimBool;
import com.cedarpolicy.value.PrimLong;
import com.cedarpolicy.value.PrimString;
import com.cedarpolicy.value.Value;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.policy.EntityRef;
import java.util.HashMap;
import java.util.Map;

/** Attributes and contexts, from JSON to Cedar. Fails with IllegalArgumentException on what Cedar has no value for. */
final class CedarValues {
    private static final String ENTITY = "__entity";
    /** Where the address of a caller is; JSON has no type for it. */
    private static final String ADDRESS = "ip";

    private static final String LOCAL_SHELL = "local";

    private final HelixSchema schema;

    CedarValues(HelixSchema schema) {
        this.schema = schema;
    }

    Map<String, Value> record(ObjectNode node) {
        Map<String, Value> record = new HashMap<>();
        node.properties().forEach(field -> record.put(field.getKey(), value(field.getKey(), field.getValue())));
        return record;
    }

    Map<String, Value> context(ObjectNode node) {
        Map<String, Value> context = record(node);
        if (node.path("call").path(ADDRESS).isTextual()) {
            context.put("call", call((ObjectNode) node.path("call")));
        }
        return context;
    }

    private CedarMap call(ObjectNode node) {
        String address = node.path(ADDRESS).asText();
        Map<String, Value> call = record(node);
        if (address.equals(LOCAL_SHELL)) {
            call.remove(ADDRESS);
        } else {
            call.put(ADDRESS, address(address));
        }
        return new CedarMap(call);
    }

    /** Servers write IPv6 addresses with brackets or a zone; Cedar does not. */
    private static IpAddress address(String text) {
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        int zone = bare.indexOf('%');
        return new IpAddress(zone < 0 ? bare : bare.substring(0, zone));
    }

    private Value value(String name, JsonNode node) {
        return switch (node.getNodeType()) {
            case BOOLEAN -> new PrimBool(node.booleanValue());
            case STRING -> new PrimString(node.textValue());
            case NUMBER -> number(name, node);
            case ARRAY -> list(name, node);
            case OBJECT -> node.has(ENTITY) ? entity(node) : new CedarMap(record((ObjectNode) node));
            case NULL, MISSING, BINARY, POJO ->
                throw new IllegalArgumentException("'" + name + "' is " + node.getNodeType() + ": leave it out");
        };
    }

    private static PrimLong number(String name, JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw new IllegalArgumentException("'" + name + "' is not a whole number of 64 bits");
        }
        return new PrimLong(node.longValue());
    }

    private CedarList list(String name, JsonNode node) {
        CedarList list = new CedarList();
        node.forEach(item -> list.add(value(name, item)));
        return list;
    }

    private EntityUID entity(JsonNode node) {
        return schema.entity(reference(node));
    }

    static EntityRef reference(JsonNode node) {
        JsonNode ref = node.path(ENTITY);
        return new EntityRef(ref.path("type").asText(), ref.path("id").asText());
    }
}
