package io.helix.runtime.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.control.Caller;
import io.helix.api.event.Event;
import io.helix.api.policy.AuthorizationRequest;
import io.helix.api.policy.Authorizer;
import io.helix.api.policy.Decision;
import io.helix.api.policy.Entity;
import io.helix.api.policy.EntityRef;
import io.helix.api.store.Projection.AuditEntry;
import io.helix.runtime.journal.Journal;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks the authorizer in the terms of Helix. Knows which entities and context the schema wants for each action. */
public final class Gate {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final int REMEMBERED = 20_000;

    // The same few entities are in almost every request. Handing out the same objects makes comparing two requests
    // cheap,
    // which is what a cache of decisions does.
    private static final Map<Remembered, Entity> ENTITIES = new ConcurrentHashMap<>();

    /** What the policies take when they are told nothing else. */
    public static final int MAX_DEPTH = 16;

    private record Remembered(EntityRef ref, String extra) {}

    private final Authorizer authorizer;
    private final Journal journal;
    private final InstantSource clock;
    private final int maxDepth;

    public Gate(Authorizer authorizer, Journal journal, InstantSource clock) {
        this(authorizer, journal, clock, MAX_DEPTH);
    }

    /** @param maxDepth how long a chain of causes may be */
    public Gate(Authorizer authorizer, Journal journal, InstantSource clock, int maxDepth) {
        this.authorizer = authorizer;
        this.journal = journal;
        this.clock = clock;
        this.maxDepth = maxDepth;
    }

    /**
     * Who asks: the entity and its ancestors.
     *
     * @param call what the policies may know about the call of a person; null for a rule or an agent
     */
    public record Principal(
            Entity entity, List<Entity> ancestors, @Nullable ObjectNode call) {
        public EntityRef ref() {
            return entity.ref();
        }
    }

    public static Principal rule(String profile, String name) {
        return member("Rule", profile, name);
    }

    public static Principal agent(String profile, String name) {
        return member("Agent", profile, name);
    }

    private static Principal member(String type, String profile, String name) {
        EntityRef ref = new EntityRef(type, profile + "/" + name);
        Entity entity = remembered(ref, "principal", () -> {
            ObjectNode attributes = JSON.objectNode().put("enabled", true);
            attributes.set("profile", reference(profileRef(profile)));
            return new Entity(ref, Set.of(profileRef(profile)), attributes);
        });
        return new Principal(entity, List.of(profileEntity(profile)), null);
    }

    private static Entity remembered(EntityRef ref, String extra, Supplier<Entity> maker) {
        if (ENTITIES.size() > REMEMBERED) {
            ENTITIES.clear();
        }
        return ENTITIES.computeIfAbsent(new Remembered(ref, extra), key -> maker.get());
    }

    /** A caller whose key is for all profiles counts as a member of the profile that it asks for. */
    public static Principal person(Caller caller, String profile) {
        String home = caller.profile().equals("*") ? profile : caller.profile();
        Set<EntityRef> parents = new HashSet<>(Set.of(profileRef(home)));
        List<Entity> ancestors = new ArrayList<>(List.of(profileEntity(home)));
        for (String role : caller.roles()) {
            EntityRef ref = new EntityRef("Role", home + "/" + role);
            parents.add(ref);
            ancestors.add(new Entity(ref, Set.of(profileRef(home)), JSON.objectNode()));
        }
        String owner = caller.profile().equals("*") ? "platform" : caller.profile();
        EntityRef self = new EntityRef(caller.type(), owner + "/" + caller.id());
        return new Principal(
                new Entity(self, parents, JSON.objectNode().put("enabled", true)), ancestors, call(caller));
    }

    // --- management

    /** Decides a management call, records it unless it only reads, and fails with FORBIDDEN when it is not permitted. */
    public void require(Caller caller, String profile, String action, String resourceType, String name) {
        AuditEntry permitted = check(caller, profile, action, resourceType, name);
        if (!action.equals("view") && !action.equals("list")) {
            journal.decided(profile, permitted);
        }
    }

    /** Decides a management call; a refusal is recorded and fails with FORBIDDEN, a permission is for the caller to record. */
    public AuditEntry check(Caller caller, String profile, String action, String resourceType, String name) {
        Entity resource = resourceType.equals("Profile")
                ? profileEntity(profile)
                : owned(resourceType, profile, name, JSON.objectNode());
        Decision decision = decide(person(caller, profile), profile, action, resource, JSON.objectNode());
        AuditEntry entry = audit(caller.toString(), action, resource.ref(), decision, null);
        if (!decision.permitted()) {
            journal.decided(profile, entry);
        }
        refuseUnlessPermitted(decision, caller + " may not " + action + " " + resource.ref());
        return entry;
    }

    private static ObjectNode call(Caller caller) {
        ObjectNode call = JSON.objectNode();
        call.set(
                "scopes",
                JSON.arrayNode()
                        .addAll(caller.scopes().stream()
                                .sorted()
                                .map(JSON::textNode)
                                .toList()));
        return call;
    }

    // --- run time

    public Decision trigger(Principal principal, String profile, String recipe, Event event) {
        ObjectNode context = JSON.objectNode();
        context.set("event", eventFacts(event));
        return decide(
                principal, profile, "triggerRecipe", owned("Recipe", profile, recipe, JSON.objectNode()), context);
    }

    public Decision invoke(Principal principal, String profile, String agent, String agentType, Event event) {
        ObjectNode context = depth(event.depth());
        context.set("event", eventFacts(event));
        Entity resource = owned("Agent", profile, agent, JSON.objectNode().put("agentType", agentType));
        return decide(principal, profile, "invokeAgent", resource, context);
    }

    /** @param depth how many recipes led to the event */
    public Decision publish(Principal principal, String profile, String type, int depth, int bytes) {
        EntityRef ref = new EntityRef("EventType", profile + "/" + type);
        Set<EntityRef> parents = new HashSet<>(Set.of(profileRef(profile)));
        List<Entity> entities = new ArrayList<>();
        for (int dot = type.indexOf('.'); dot > 0; dot = type.indexOf('.', dot + 1)) {
            EntityRef prefix = new EntityRef("EventType", profile + "/" + type.substring(0, dot));
            parents.add(prefix);
            entities.add(owned("EventType", profile, type.substring(0, dot), JSON.objectNode()));
        }
        ObjectNode attributes = JSON.objectNode();
        attributes.set("profile", reference(profileRef(profile)));
        Entity resource = new Entity(ref, parents, attributes);
        ObjectNode context = depth(depth).put("sizeBytes", coarse(bytes));
        return decide(principal, profile, "publishEvent", resource, context, entities);
    }

    public Decision readCredential(Principal principal, String profile, String name, String purpose) {
        ObjectNode context = JSON.objectNode().put("purpose", purpose);
        return decide(
                principal, profile, "readCredential", owned("Credential", profile, name, JSON.objectNode()), context);
    }

    /** Whether an agent may keep values of its own. */
    public Decision keepState(Principal principal, String profile, String agent) {
        return decide(
                principal,
                profile,
                "keepState",
                owned("StateKey", profile, agent, JSON.objectNode()),
                JSON.objectNode());
    }

    /** Whether an agent may change what is known in the profile. */
    public Decision setFact(Principal principal, String profile, String name) {
        return decide(
                principal, profile, "setFact", owned("Fact", profile, name, JSON.objectNode()), JSON.objectNode());
    }

    public Decision callHttp(Principal principal, String profile, String method, URI uri) {
        boolean tls = "https".equalsIgnoreCase(uri.getScheme());
        String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
        ObjectNode http = JSON.objectNode()
                .put("host", host)
                .put("port", uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80)
                .put("method", method)
                .put("tls", tls);
        ObjectNode context = JSON.objectNode();
        context.set("http", http);
        return decide(principal, profile, "callHttp", owned("HttpHost", profile, host, JSON.objectNode()), context);
    }

    /** Records decisions that were made earlier. */
    public void record(String profile, List<AuditEntry> entries) {
        journal.decided(profile, entries);
    }

    /** Records a refusal and fails with FORBIDDEN; does nothing when permitted. */
    public void requirePublish(
            Decision decision, Principal principal, String profile, String type, @Nullable String eventId) {
        if (!decision.permitted()) {
            EntityRef ref = new EntityRef("EventType", profile + "/" + type);
            record(profile, principal.ref().toString(), "publishEvent", ref, decision, eventId);
        }
        refuseUnlessPermitted(decision, principal.ref() + " may not publish " + type);
    }

    /** Records a decision and shows it to those who watch. */
    public AuditEntry record(
            String profile,
            String principal,
            String action,
            EntityRef resource,
            Decision decision,
            @Nullable String eventId) {
        AuditEntry entry = audit(principal, action, resource, decision, eventId);
        journal.decided(profile, entry);
        return entry;
    }

    public AuditEntry audit(
            String principal, String action, EntityRef resource, Decision decision, @Nullable String eventId) {
        return new AuditEntry(
                UUID.randomUUID().toString(),
                clock.instant(),
                principal,
                action,
                resource.toString(),
                decision.permitted(),
                decision.policies(),
                decision.reason(),
                eventId);
    }

    public static void refuseUnlessPermitted(Decision decision, String what) {
        if (decision instanceof Decision.Forbid(List<String> policies, String reason)) {
            throw HelixException.forbidden(what + ": " + reason
                    + (policies.isEmpty()
                            ? " (no policy permits it)"
                            : " (policies: " + String.join(", ", policies) + ")"));
        }
    }

    private Decision decide(Principal principal, String profile, String action, Entity resource, ObjectNode context) {
        return decide(principal, profile, action, resource, context, List.of());
    }

    private Decision decide(
            Principal principal,
            String profile,
            String action,
            Entity resource,
            ObjectNode context,
            List<Entity> more) {
        if (principal.call() != null) {
            context.set("call", principal.call());
        }
        List<Entity> entities = new ArrayList<>(more);
        entities.add(principal.entity());
        entities.addAll(principal.ancestors());
        if (principal.ancestors().stream().noneMatch(entity -> entity.ref().equals(profileRef(profile)))) {
            entities.add(profileEntity(profile));
        }
        if (!resource.ref().type().equals("Profile")) {
            entities.add(resource);
        }
        return authorizer.decide(
                new AuthorizationRequest(profile, principal.ref(), action, resource.ref(), entities, context));
    }

    /** Coarse facts only: an id or a time in the context would make every decision a new one. */
    private ObjectNode eventFacts(Event event) {
        return depth(event.depth()).put("eventType", event.type()).put("source", event.source());
    }

    private ObjectNode depth(int depth) {
        ObjectNode facts = JSON.objectNode().put("depth", depth);
        return maxDepth == MAX_DEPTH ? facts : facts.put("depthMax", maxDepth);
    }

    /** The next power of two, so that sizes do not make every decision a new one. */
    private static long coarse(int bytes) {
        return bytes <= 1024 ? 1024 : Long.highestOneBit(bytes - 1L) << 1;
    }

    private static Entity owned(String type, String profile, String name, ObjectNode attributes) {
        EntityRef ref = new EntityRef(type, profile + "/" + name);
        return remembered(ref, attributes.isEmpty() ? "" : attributes.toString(), () -> {
            attributes.set("profile", reference(profileRef(profile)));
            return new Entity(ref, Set.of(profileRef(profile)), attributes);
        });
    }

    private static EntityRef profileRef(String profile) {
        return new EntityRef("Profile", profile);
    }

    private static Entity profileEntity(String profile) {
        EntityRef ref = profileRef(profile);
        return remembered(
                ref, "", () -> new Entity(ref, Set.of(), JSON.objectNode().put("status", "active")));
    }

    private static JsonNode reference(EntityRef ref) {
        ObjectNode entity = JSON.objectNode().put("type", ref.type()).put("id", ref.id());
        return JSON.objectNode().set("__entity", entity);
    }
}
