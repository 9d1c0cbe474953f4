package io.helix.api.rule;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.Problem;
import io.helix.api.event.EventFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads the written form of a pattern, which mirrors the event.
 *
 * <pre>{@code
 * type: [github.issues.opened, github.issues.reopened]     # any of
 * subject: [{ prefix: "helix/" }]
 * data:
 *   issue:
 *     title: [{ anything-but: { prefix: "WIP" } }]
 *     comments: [{ gte: 1, lt: 10 }]                       # or { numeric: [">=", 1, "<", 10] }
 *   closed: [{ exists: false }]
 * data.sender.ip: [{ cidr: 10.0.0.0/8 }]                   # dots are steps, anywhere
 * $or:
 *   - data: { label: [bug] }
 *   - data: { priority: [high] }
 * }</pre>
 *
 * <p>All keys of an object must hold, and some alternative of a list. An object whose keys are all operators is one
 * alternative without its list, unless a list stands where the operator takes none: {@code phone: {prefix: "49"}} is a
 * test of {@code data.phone}, {@code phone: {prefix: ["49"]}} one of {@code data.phone.prefix}.
 */
public final class PatternParser {
    static final int MAX_FIELDS = 100;
    static final int MAX_DEPTH = 32;

    private static final Set<String> ATTRIBUTES = Set.of("id", "source", "type", "subject", "time");
    private static final String OR = "$or";

    private final List<Problem> problems = new ArrayList<>();
    private final ValueTestParser tests = new ValueTestParser(problems);
    private int fields;

    private PatternParser() {}

    /**
     * Reads a pattern.
     *
     * @param where prefix of the places of problems, e.g. {@code spec.match}
     * @throws HelixException INVALID, with every wrong place as a problem
     */
    public static Pattern parse(JsonNode match, String where) {
        PatternParser parser = new PatternParser();
        Condition root = parser.object(match, List.of(), where, 0);
        if (parser.fields > MAX_FIELDS) {
            parser.wrong(where, "names " + parser.fields + " fields; at most " + MAX_FIELDS + " are allowed");
        }
        if (!parser.problems.isEmpty()) {
            throw new HelixException(ErrorKind.INVALID, message(parser.problems), parser.problems);
        }
        return new Pattern(root);
    }

    private static String message(List<Problem> problems) {
        return problems.size() == 1
                ? problems.get(0).toString()
                : "the pattern is wrong in " + problems.size() + " places; first: " + problems.get(0);
    }

    private Condition object(JsonNode node, List<String> path, String where, int depth) {
        List<Condition> parts = new ArrayList<>();
        if (!node.isObject()) {
            wrong(where, "must be an object of fields to match");
        } else if (depth > MAX_DEPTH) {
            wrong(where, tooDeep());
        } else {
            for (Map.Entry<String, JsonNode> entry : node.properties()) {
                parts.add(entry(entry.getKey(), entry.getValue(), path, where + "." + entry.getKey(), depth));
            }
        }
        return parts.size() == 1 ? parts.get(0) : new Condition.AllOf(parts);
    }

    private Condition entry(String key, JsonNode value, List<String> path, String where, int depth) {
        return key.equals(OR) ? anyOf(value, path, where, depth) : field(key, value, path, where, depth);
    }

    private Condition anyOf(JsonNode value, List<String> path, String where, int depth) {
        List<Condition> branches = new ArrayList<>();
        if (!value.isArray() || value.isEmpty()) {
            wrong(where, "must be a list of objects, one of which has to match");
        } else if (value.size() > ValueTestParser.MAX_ALTERNATIVES) {
            wrong(where, "has " + value.size() + " branches; at most " + ValueTestParser.MAX_ALTERNATIVES);
        } else {
            for (int i = 0; i < value.size(); i++) {
                branches.add(object(value.get(i), path, where + "[" + i + "]", depth + 1));
            }
        }
        return new Condition.AnyOf(branches);
    }

    private Condition field(String key, JsonNode value, List<String> parent, String where, int depth) {
        List<String> path = new ArrayList<>(parent);
        path.addAll(List.of(key.split("\\.", -1)));
        checkPath(path, key, where);
        if (path.size() > MAX_DEPTH) {
            wrong(where, tooDeep());
            return new Condition.AllOf(List.of());
        }
        if (value.isObject() && path.get(0).equals("data") && !ValueTestParser.isOperators(value)) {
            return nested(value, path, where, depth);
        }
        fields++;
        return new Condition.Field(path, tests.alternatives(value, where));
    }

    private Condition nested(JsonNode value, List<String> path, String where, int depth) {
        if (value.isEmpty()) {
            wrong(where, "is empty; to ask only that the field is there write [{exists: true}]");
        }
        return object(value, path, where, depth + 1);
    }

    private void checkPath(List<String> path, String key, String where) {
        if (path.stream().anyMatch(String::isEmpty)) {
            wrong(where, "'" + key + "' has an empty step: dots separate the steps of a path");
        } else if (!path.get(0).equals("data")) {
            checkAttribute(path, where);
        }
    }

    private void checkAttribute(List<String> path, String where) {
        String name = path.get(0);
        if (path.size() > 1) {
            wrong(where, "attribute '" + name + "' is text and has nothing below it; the payload is below data");
        } else if (!ATTRIBUTES.contains(name) && !extension(name)) {
            String lower = name.toLowerCase(Locale.ROOT);
            boolean known = ATTRIBUTES.contains(lower) || lower.equals("data");
            wrong(
                    where,
                    "'" + name + "' is no attribute of an event" + (known ? "; did you mean '" + lower + "'?" : "")
                            + "; attribute names are lower-case letters and digits, the payload is below data");
        }
    }

    private static boolean extension(String name) {
        try {
            EventFormat.extensionName(name);
            return true;
        } catch (HelixException e) {
            return false;
        }
    }

    private static String tooDeep() {
        return "is nested more than " + MAX_DEPTH + " deep";
    }

    private void wrong(String where, String message) {
        problems.add(new Problem(where, message));
    }
}
