package io.helix.agents;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;

/** Takes secrets out of what a server sends back, as some echo the request. */
final class Redaction {
    // Shorter ones would tear holes into innocent text.
    private static final int MIN_LENGTH = 4;

    private final List<String> secrets = new ArrayList<>();

    void add(String secret) {
        if (secret.length() >= MIN_LENGTH) {
            secrets.add(secret);
            String inJson = TextNode.valueOf(secret).toString();
            secrets.add(inJson.substring(1, inJson.length() - 1));
        }
    }

    String of(String text) {
        String result = text;
        for (String secret : secrets) {
            result = result.replace(secret, "***");
        }
        return result;
    }

    boolean found(String text) {
        return secrets.stream().anyMatch(text::contains);
    }
}
