package io.helix.sdk.processor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;

/** The JSON Schema (2020-12) of a configuration record. What it accepts, ConfigReader can read. */
final class ConfigSchema {
    private static final String DURATION = "^[0-9]{1,9}(ms|s|m|h|d)$";

    private final Elements elements;
    // The records being written, to notice one that contains itself.
    private final Deque<TypeElement> open = new ArrayDeque<>();

    private ConfigSchema(Elements elements) {
        this.elements = elements;
    }

    static Json of(TypeElement config, Elements elements) throws Rejection {
        Map<String, Json> schema = new LinkedHashMap<>();
        schema.put("$schema", new Json.Text("https://json-schema.org/draft/2020-12/schema"));
        schema.putAll(new ConfigSchema(elements).record(config).fields());
        return new Json.Obj(schema);
    }

    private Json.Obj record(TypeElement type) throws Rejection {
        if (open.contains(type)) {
            throw new Rejection(type, "a configuration record must not contain itself");
        }
        open.push(type);
        Map<String, Json> properties = new LinkedHashMap<>();
        List<Json> required = new ArrayList<>();
        for (RecordComponentElement component : type.getRecordComponents()) {
            ComponentRules rules = ComponentRules.of(component, elements);
            String name = component.getSimpleName().toString();
            properties.put(name, property(component, rules));
            if (rules.required()) {
                required.add(new Json.Text(name));
            }
        }
        open.pop();
        Map<String, Json> schema = new LinkedHashMap<>();
        schema.put("type", new Json.Text("object"));
        schema.put("properties", new Json.Obj(properties));
        schema.put("required", new Json.Arr(required));
        schema.put("additionalProperties", new Json.Bool(false));
        return new Json.Obj(schema);
    }

    private Json property(RecordComponentElement component, ComponentRules rules) throws Rejection {
        TypeMirror type = component.asType();
        if (rules.nullWhenLeftOut() && type.getKind().isPrimitive()) {
            throw new Rejection(
                    component,
                    "an optional " + type.getKind().name().toLowerCase(Locale.ROOT)
                            + " cannot be null: give it a defaultValue or use the boxed type");
        }
        Map<String, Json> schema = new LinkedHashMap<>();
        if (!rules.description().isEmpty()) {
            schema.put("description", new Json.Text(rules.description()));
        }
        schema.putAll(value(component, type));
        addBounds(component, rules, schema);
        if (!rules.defaultValue().isEmpty()) {
            schema.put("default", defaultValue(component, rules, schema));
        }
        return new Json.Obj(schema);
    }

    private Map<String, Json> value(RecordComponentElement place, TypeMirror type) throws Rejection {
        return switch (type.getKind()) {
            case BOOLEAN -> typed("boolean");
            case INT -> integer();
            case LONG -> typed("integer");
            case DOUBLE -> typed("number");
            case DECLARED -> declared(place, (DeclaredType) type);
            default -> throw unsupported(place, type);
        };
    }

    private Map<String, Json> declared(RecordComponentElement place, DeclaredType type) throws Rejection {
        TypeElement element = (TypeElement) type.asElement();
        return switch (element.getQualifiedName().toString()) {
            case "java.lang.String" -> typed("string");
            case "java.lang.Boolean" -> typed("boolean");
            case "java.lang.Integer" -> integer();
            case "java.lang.Long" -> typed("integer");
            case "java.lang.Double" -> typed("number");
            case "java.time.Duration" -> duration();
            case "com.fasterxml.jackson.databind.JsonNode" -> new LinkedHashMap<>();
            case "com.fasterxml.jackson.databind.node.ObjectNode" -> typed("object");
            case "java.util.List" -> list(place, type);
            case "java.util.Map" -> map(place, type);
            default -> composed(place, type, element);
        };
    }

    private Map<String, Json> composed(RecordComponentElement place, DeclaredType type, TypeElement element)
            throws Rejection {
        if (element.getKind() == ElementKind.RECORD
                && element.getTypeParameters().isEmpty()) {
            return new LinkedHashMap<>(record(element).fields());
        }
        if (element.getKind() == ElementKind.ENUM) {
            return constants(element);
        }
        throw unsupported(place, type);
    }

    private Map<String, Json> list(RecordComponentElement place, DeclaredType type) throws Rejection {
        Map<String, Json> schema = typed("array");
        schema.put("items", new Json.Obj(value(place, argument(place, type, 0))));
        return schema;
    }

    private Map<String, Json> map(RecordComponentElement place, DeclaredType type) throws Rejection {
        if (!argument(place, type, 0).toString().endsWith("java.lang.String")) {
            throw unsupported(place, type);
        }
        Map<String, Json> schema = typed("object");
        schema.put("additionalProperties", new Json.Obj(value(place, argument(place, type, 1))));
        return schema;
    }

    private static TypeMirror argument(RecordComponentElement place, DeclaredType type, int index) throws Rejection {
        if (type.getTypeArguments().size() <= index) {
            throw unsupported(place, type);
        }
        return type.getTypeArguments().get(index);
    }

    /** Constants in the way people write YAML: FAIL_FAST is read from fail-fast. */
    private static Map<String, Json> constants(TypeElement element) {
        Map<String, Json> schema = typed("string");
        List<Json> values = element.getEnclosedElements().stream()
                .filter(it -> it.getKind() == ElementKind.ENUM_CONSTANT)
                .map(it -> it.getSimpleName().toString())
                .<Json>map(name -> new Json.Text(name.toLowerCase(Locale.ROOT).replace('_', '-')))
                .toList();
        schema.put("enum", new Json.Arr(values));
        return schema;
    }

    private static Map<String, Json> integer() {
        Map<String, Json> schema = typed("integer");
        schema.put("minimum", Json.number(Integer.MIN_VALUE));
        schema.put("maximum", Json.number(Integer.MAX_VALUE));
        return schema;
    }

    private static Map<String, Json> duration() {
        Map<String, Json> schema = typed("string");
        schema.put("pattern", new Json.Text(DURATION));
        return schema;
    }

    private static Map<String, Json> typed(String type) {
        Map<String, Json> schema = new LinkedHashMap<>();
        schema.put("type", new Json.Text(type));
        return schema;
    }

    private static void addBounds(RecordComponentElement place, ComponentRules rules, Map<String, Json> schema)
            throws Rejection {
        String type = jsonType(schema);
        if (rules.bounded() && !type.equals("integer") && !type.equals("number")) {
            throw new Rejection(place, "min and max are for numbers");
        }
        if (rules.min() > rules.max()) {
            throw new Rejection(place, "min is greater than max");
        }
        if (rules.min() != Long.MIN_VALUE) {
            schema.put("minimum", Json.number(rules.min()));
        }
        if (rules.max() != Long.MAX_VALUE) {
            schema.put("maximum", Json.number(rules.max()));
        }
        if (!rules.pattern().isEmpty()) {
            schema.put("pattern", pattern(place, rules, schema));
        }
    }

    private static Json pattern(RecordComponentElement place, ComponentRules rules, Map<String, Json> schema)
            throws Rejection {
        if (!jsonType(schema).equals("string") || schema.containsKey("enum") || schema.containsKey("pattern")) {
            throw new Rejection(place, "pattern is for strings");
        }
        try {
            Pattern.compile(rules.pattern());
        } catch (PatternSyntaxException e) {
            throw new Rejection(place, "pattern is not a regular expression: " + e.getDescription());
        }
        return new Json.Text(rules.pattern());
    }

    private static Json defaultValue(RecordComponentElement place, ComponentRules rules, Map<String, Json> schema)
            throws Rejection {
        Json value;
        try {
            value = JsonParser.parse(rules.defaultValue());
        } catch (IllegalArgumentException e) {
            throw new Rejection(
                    place,
                    "defaultValue " + rules.defaultValue() + " is " + e.getMessage()
                            + "; write JSON text, a string with its quotes: \"\\\"POST\\\"\"");
        }
        if (!fits(value, schema)) {
            throw new Rejection(
                    place, "defaultValue " + rules.defaultValue() + " does not fit " + new Json.Obj(schema).render());
        }
        return value;
    }

    private static boolean fits(Json value, Map<String, Json> schema) {
        return switch (jsonType(schema)) {
            case "string" -> value instanceof Json.Text text && textFits(text, schema);
            case "boolean" -> value instanceof Json.Bool;
            case "integer" -> value instanceof Json.Num number && number.whole();
            case "number" -> value instanceof Json.Num;
            case "array" -> value instanceof Json.Arr;
            case "object" -> value instanceof Json.Obj;
            default -> true;
        };
    }

    private static boolean textFits(Json.Text text, Map<String, Json> schema) {
        boolean allowed = !(schema.get("enum") instanceof Json.Arr allowedValues)
                || allowedValues.items().contains(text);
        boolean shaped = !(schema.get("pattern") instanceof Json.Text pattern)
                || Pattern.compile(pattern.value()).matcher(text.value()).find();
        return allowed && shaped;
    }

    private static String jsonType(Map<String, Json> schema) {
        return schema.get("type") instanceof Json.Text type ? type.value() : "";
    }

    private static Rejection unsupported(RecordComponentElement place, TypeMirror type) {
        return new Rejection(
                place,
                "type " + type + " cannot be used in a configuration: use String, boolean, int, long, double,"
                        + " Duration, an enum, a record, List<T>, Map<String, T>, JsonNode or ObjectNode");
    }
}
