package io.helix.cedar;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.policy.AuthorizationRequest;
import io.helix.api.policy.Entity;
import io.helix.api.policy.EntityRef;
import java.util.List;
import java.util.Set;

/** Requests as the runtime makes them. */
final class Requests {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Requests() {}

    static EntityRef ref(String type, String id) {
        return new EntityRef(type, id);
    }

    static EntityRef profile(String profile) {
        return ref("Profile", profile);
    }

    static Entity key(String profile, String role) {
        return key(profile, role, true);
    }

    static Entity key(String profile, String role, boolean enabled) {
        return new Entity(
                ref("ApiKey", profile + "/k1"),
                Set.of(profile(profile), ref("Role", profile + "/" + role)),
                JSON.objectNode().put("enabled", enabled));
    }

    static Entity user(String name, String profile, String role) {
        return new Entity(
                ref("User", "local/" + name),
                Set.of(profile(profile), ref("Role", profile + "/" + role)),
                JSON.objectNode().put("enabled", true));
    }

    static Entity rule(String profile, String name) {
        return actor("Rule", profile, name, true);
    }

    static Entity agent(String profile, String name) {
        return actor("Agent", profile, name, true);
    }

    static Entity actor(String type, String profile, String name, boolean enabled) {
        Entity entity = owned(type, profile, name);
        entity.attributes().put("enabled", enabled);
        return entity;
    }

    static Entity owned(String type, String profile, String name) {
        ObjectNode attributes = JSON.objectNode();
        attributes
                .putObject("profile")
                .putObject("__entity")
                .put("type", "Profile")
                .put("id", profile);
        return new Entity(ref(type, profile + "/" + name), Set.of(), attributes);
    }

    static Entity profileEntity(String profile) {
        return new Entity(profile(profile), Set.of(), JSON.objectNode());
    }

    static ObjectNode call(String... scopes) {
        ObjectNode context = JSON.objectNode();
        ObjectNode call = context.putObject("call").put("ip", "10.1.2.3");
        var list = call.putArray("scopes");
        List.of(scopes).forEach(list::add);
        return context;
    }

    static ObjectNode event(int depth) {
        ObjectNode context = JSON.objectNode();
        context.putObject("event")
                .put("eventType", "orders.created")
                .put("source", "/shop")
                .put("depth", depth);
        return context;
    }

    /** The same context, with another bound of depth. */
    static ObjectNode upTo(int depthMax, ObjectNode context) {
        if (context.get("event") instanceof ObjectNode event) {
            event.put("depthMax", depthMax);
        } else {
            context.put("depthMax", depthMax);
        }
        return context;
    }

    static ObjectNode depth(int depth) {
        return JSON.objectNode().put("depth", depth);
    }

    static ObjectNode publish(int depth) {
        return depth(depth).put("sizeBytes", 100);
    }

    static ObjectNode purpose(String purpose) {
        return JSON.objectNode().put("purpose", purpose);
    }

    static ObjectNode http(String host, int port) {
        ObjectNode context = JSON.objectNode();
        context.putObject("http")
                .put("host", host)
                .put("port", port)
                .put("method", "GET")
                .put("tls", port == 443);
        return context;
    }

    static AuthorizationRequest ask(
            String profile, Entity principal, String action, Entity resource, ObjectNode context) {
        return new AuthorizationRequest(
                profile, principal.ref(), action, resource.ref(), List.of(principal, resource), context);
    }

    static AuthorizationRequest ask(Entity principal, String action, Entity resource, ObjectNode context) {
        return ask("demo", principal, action, resource, context);
    }
}
