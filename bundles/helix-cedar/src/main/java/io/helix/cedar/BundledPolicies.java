package io.helix.cedar;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helix.api.Names;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The policies that Helix brings. */
final class BundledPolicies {
    /** Ids that begin so belong to Helix. */
    static final String RESERVED = "sys.";

    private static final List<String> SYSTEM = List.of(
            "sys.isolation",
            "sys.isolation-profile",
            "sys.disabled",
            "sys.scope-read",
            "sys.scope-write",
            "sys.scope-admin",
            "sys.scope-policy",
            "sys.depth");
    private static final List<String> DEFAULTS = List.of(
            "default.admins",
            "default.operators-read",
            "default.operators-write",
            "default.viewers-read",
            "default.rules-trigger",
            "default.rules-invoke",
            "default.rules-publish",
            "default.agents-publish",
            "default.agents-credentials",
            "default.agents-state",
            "default.agents-facts",
            "default.http");

    private BundledPolicies() {}

    static String schema() {
        return read("helix.cedarschema");
    }

    /** They only forbid, and hold in every profile. */
    static Map<String, String> system() {
        Map<String, String> texts = new TreeMap<>();
        SYSTEM.forEach(id -> texts.put(id, read("policies/" + id + ".cedar")));
        return texts;
    }

    static Map<String, String> defaults(String profile) {
        Names.require("profile", profile);
        Map<String, String> texts = new TreeMap<>();
        DEFAULTS.forEach(id -> texts.put(id, read("policies/" + id + ".cedar").replace("${profile}", profile)));
        return texts;
    }

    private static String read(String name) {
        try (InputStream in = BundledPolicies.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the bundle lacks " + name);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
