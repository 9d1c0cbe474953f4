package io.helix.runtime.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.runtime.document.RecipeDefinition;
import io.helix.runtime.document.RecipeDefinition.Input;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Checks what a run is given against what its recipe asks for, and fills in defaults. */
public final class RunInputs {
    private RunInputs() {}

    /** @throws HelixException INVALID naming every input that is wrong */
    public static ObjectNode complete(RecipeDefinition recipe, ObjectNode given) {
        List<String> wrong = new ArrayList<>();
        ObjectNode inputs = given.deepCopy();
        for (Map.Entry<String, Input> entry : recipe.inputs().entrySet()) {
            String name = entry.getKey();
            Input input = entry.getValue();
            JsonNode value = inputs.get(name);
            if (value == null || value.isNull()) {
                if (input.defaultValue() != null) {
                    inputs.set(name, input.defaultValue());
                } else if (input.required()) {
                    wrong.add("input '" + name + "' is required");
                }
            } else if (!fits(input.type(), value)) {
                wrong.add("input '" + name + "' must be of type " + input.type());
            }
        }
        given.fieldNames().forEachRemaining(name -> {
            if (!recipe.inputs().containsKey(name)) {
                wrong.add("input '" + name + "' is not known to the recipe");
            }
        });
        if (!wrong.isEmpty()) {
            throw HelixException.invalid("recipe '" + recipe.name() + "': " + String.join("; ", wrong));
        }
        return inputs;
    }

    private static boolean fits(String type, JsonNode value) {
        return switch (type) {
            case "string" -> value.isTextual();
            case "number" -> value.isNumber();
            case "integer" -> value.isIntegralNumber();
            case "boolean" -> value.isBoolean();
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "timestamp" -> value.isTextual() && timestamp(value.textValue());
            default -> true;
        };
    }

    private static boolean timestamp(String text) {
        try {
            OffsetDateTime.parse(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }
}
