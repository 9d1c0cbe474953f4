package io.helix.cedar;

import static io.helix.cedar.Requests.owned;
import static io.helix.cedar.Requests.profile;
import static io.helix.cedar.Requests.ref;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.policy.AuthorizationRequest;
import io.helix.api.policy.Entity;
import io.helix.api.policy.EntityRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The slice of a request decides as all policies would, whatever the policies and the request. */
class SlicingTest {
    private static final List<String> PRINCIPALS = List.of(
            "principal",
            "principal == Helix::Rule::\"demo/r1\"",
            "principal == Helix::ApiKey::\"demo/k1\"",
            "principal is Helix::Rule",
            "principal is Helix::ApiKey",
            "principal is Helix::Rule in Helix::Group::\"demo/g1\"",
            "principal in Helix::Group::\"demo/g2\"",
            "principal in Helix::Role::\"demo/operator\"",
            "principal in Helix::Profile::\"demo\"",
            "principal in Helix::Rule::\"demo/r2\"");
    private static final List<String> ACTIONS = List.of(
            "action",
            "action == Helix::Action::\"triggerRecipe\"",
            "action == Helix::Action::\"publishEvent\"",
            "action in Helix::Action::\"write\"",
            "action in [Helix::Action::\"read\", Helix::Action::\"publishEvent\"]");
    private static final List<String> RESOURCES = List.of(
            "resource",
            "resource == Helix::Recipe::\"demo/c1\"",
            "resource is Helix::EventType",
            "resource in Helix::Group::\"demo/g1\"",
            "resource in Helix::EventType::\"demo/orders\"",
            "resource == Helix::EventType::\"demo/orders\"",
            "resource is Helix::Recipe in Helix::Group::\"demo/g2\"",
            "resource in Helix::Profile::\"demo\"");
    private static final List<String> CONDITIONS = List.of(
            "", "when { context has depth && context.depth > 3 }", "unless { context has event }", "when { false }");

    private final Random random = new Random(20_261_124);
    private final PolicyBook book = PolicyBook.load();

    @Test
    void aSliceDecidesAsAllPoliciesWould() throws Exception {
        int permitted = 0;
        for (int round = 0; round < 10; round++) {
            book.replace("demo", policies());
            for (int i = 0; i < 40; i++) {
                AuthorizationRequest request = request();
                var decision = book.decide(request);
                assertThat(decision).as("%s", request).isEqualTo(book.decideByAll(request));
                permitted += decision.permitted() ? 1 : 0;
            }
        }
        assertThat(permitted).isBetween(40, 360);
    }

    private Map<String, String> policies() {
        Map<String, String> policies = new HashMap<>();
        for (int i = 0; i < 12; i++) {
            policies.put("p" + i, i % 4 == 0 ? statement() + statement() : statement());
        }
        // Heads that no request fits are not valid; such a set is drawn again.
        return policies.entrySet().stream().allMatch(p -> valid(p.getKey(), p.getValue())) ? policies : policies();
    }

    private String statement() {
        String effect = random.nextInt(4) == 0 ? "forbid" : "permit";
        return "%s (%s, %s, %s) %s;".formatted(effect, one(PRINCIPALS), one(ACTIONS), one(RESOURCES), one(CONDITIONS));
    }

    private boolean valid(String id, String text) {
        return book.validate(id, text).isEmpty();
    }

    private AuthorizationRequest request() {
        boolean trigger = random.nextBoolean();
        Entity principal = random.nextBoolean() ? rule() : key();
        Entity resource = trigger ? recipe() : eventType();
        return new AuthorizationRequest(
                "demo",
                principal.ref(),
                trigger ? "triggerRecipe" : "publishEvent",
                resource.ref(),
                List.of(principal, resource, group("g1", Set.of(ref("Group", "demo/g2")))),
                context(trigger));
    }

    private Entity rule() {
        Entity rule = owned("Rule", "demo", "r" + random.nextInt(3));
        rule.attributes().put("enabled", true);
        return new Entity(rule.ref(), someGroups(), rule.attributes());
    }

    private Entity key() {
        Set<EntityRef> parents = Set.of(profile("demo"), ref("Role", "demo/" + one(List.of("operator", "viewer"))));
        return new Entity(
                ref("ApiKey", "demo/k" + random.nextInt(3)),
                parents,
                JsonNodeFactory.instance.objectNode().put("enabled", true));
    }

    private Entity recipe() {
        Entity recipe = owned("Recipe", "demo", "c" + random.nextInt(3));
        return new Entity(recipe.ref(), someGroups(), recipe.attributes());
    }

    private Entity eventType() {
        return random.nextBoolean()
                ? owned("EventType", "demo", "orders")
                : new Entity(
                        ref("EventType", "demo/orders.created"),
                        Set.of(ref("EventType", "demo/orders")),
                        owned("EventType", "demo", "x").attributes());
    }

    private static Entity group(String name, Set<EntityRef> parents) {
        return new Entity(ref("Group", "demo/" + name), parents, JsonNodeFactory.instance.objectNode());
    }

    private Set<EntityRef> someGroups() {
        return switch (random.nextInt(3)) {
            case 0 -> Set.of(ref("Group", "demo/g1"));
            case 1 -> Set.of(ref("Group", "demo/g2"));
            default -> Set.of();
        };
    }

    private ObjectNode context(boolean trigger) {
        ObjectNode context = trigger ? Requests.event(random.nextInt(20)) : Requests.publish(random.nextInt(20));
        context.setAll(Requests.call("write"));
        return context;
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
