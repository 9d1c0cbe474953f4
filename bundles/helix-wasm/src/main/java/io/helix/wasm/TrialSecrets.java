package io.helix.wasm;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.helix.api.HelixException;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The secrets that a trial run gave to a plugin, so that what it shows can be shown to others: as they are and in the
 * forms in which they are sent. What a plugin makes of them otherwise is not known again. Used by one thread.
 */
final class TrialSecrets {
    /** Bounds the work of looking for them. */
    static final int MOST = 20;

    /** Shorter ones are hidden in headers only: elsewhere they would hide what only happens to look like them. */
    static final int SHORTEST = 4;

    private static final String HIDDEN = "***";

    private final Set<String> given = new LinkedHashSet<>();
    private List<String> forms = List.of();

    /** @throws HelixException CONFLICT when it would be one too many */
    void give(String secret) {
        if (given.contains(secret)) {
            return;
        }
        if (given.size() == MOST) {
            throw HelixException.conflict("a trial run gives at most " + MOST + " secrets");
        }
        given.add(secret);
        forms = given.stream()
                .flatMap(known -> forms(known).stream())
                .distinct()
                .sorted(longestFirst())
                .toList();
    }

    /** One secret may be a part of another. */
    private static Comparator<String> longestFirst() {
        return Comparator.comparingInt(String::length).reversed();
    }

    private static List<String> forms(String secret) {
        String clear = secret.strip();
        if (clear.length() < SHORTEST) {
            return List.of();
        }
        byte[] bytes = clear.getBytes(StandardCharsets.UTF_8);
        String encoded = URLEncoder.encode(clear, StandardCharsets.UTF_8);
        return List.of(
                clear,
                ShownText.oneLine(clear),
                new String(JsonStringEncoder.getInstance().quoteAsString(clear)),
                encoded,
                encoded.replace("+", "%20"),
                Base64.getEncoder().withoutPadding().encodeToString(bytes),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    String hidden(String text) {
        return hidden(text, forms);
    }

    private static String hidden(String text, List<String> secrets) {
        String hidden = text;
        for (String secret : secrets) {
            hidden = hidden.replace(secret, HIDDEN);
        }
        return hidden;
    }

    String hiddenInHeader(String value) {
        List<String> all = new ArrayList<>(forms);
        given.stream()
                .map(String::strip)
                .filter(secret -> !secret.isEmpty())
                .sorted(longestFirst())
                .forEach(all::add);
        return hidden(value, all);
    }

    /** Of bytes that need not be text. */
    byte[] hidden(byte[] bytes) {
        if (forms.isEmpty()) {
            return bytes;
        }
        Charset byteByByte = StandardCharsets.ISO_8859_1;
        List<String> secrets = forms.stream()
                .map(form -> new String(form.getBytes(StandardCharsets.UTF_8), byteByByte))
                .toList();
        return hidden(new String(bytes, byteByByte), secrets).getBytes(byteByByte);
    }

    /**
     * Of texts and numbers, at every level.
     *
     * @param madeByGuest the members of which a guest chose the names too, at every level
     */
    JsonNode hidden(JsonNode node, Set<String> madeByGuest) {
        return forms.isEmpty() ? node : rewritten(node, UnaryOperator.identity(), madeByGuest);
    }

    private JsonNode rewritten(JsonNode node, UnaryOperator<String> names, Set<String> madeByGuest) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode copy = object.objectNode();
                object.properties()
                        .forEach(member -> copy.set(
                                names.apply(member.getKey()),
                                rewritten(
                                        member.getValue(),
                                        madeByGuest.contains(member.getKey()) ? this::hidden : names,
                                        madeByGuest)));
                yield copy;
            }
            case ArrayNode array -> {
                ArrayNode copy = array.arrayNode();
                array.forEach(item -> copy.add(rewritten(item, names, madeByGuest)));
                yield copy;
            }
            default -> value(node);
        };
    }

    private JsonNode value(JsonNode node) {
        if (!node.isTextual() && !node.isNumber()) {
            return node;
        }
        String text = node.asText();
        String hidden = hidden(text);
        return hidden.equals(text) ? node : TextNode.valueOf(hidden);
    }
}
