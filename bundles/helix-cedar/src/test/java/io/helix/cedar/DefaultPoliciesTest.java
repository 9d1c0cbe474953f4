package io.helix.cedar;

import static io.helix.cedar.Requests.agent;
import static io.helix.cedar.Requests.ask;
import static io.helix.cedar.Requests.call;
import static io.helix.cedar.Requests.depth;
import static io.helix.cedar.Requests.event;
import static io.helix.cedar.Requests.http;
import static io.helix.cedar.Requests.key;
import static io.helix.cedar.Requests.owned;
import static io.helix.cedar.Requests.profileEntity;
import static io.helix.cedar.Requests.publish;
import static io.helix.cedar.Requests.purpose;
import static io.helix.cedar.Requests.rule;
import static io.helix.cedar.Requests.upTo;
import static io.helix.cedar.Requests.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.HelixException;
import io.helix.api.policy.AuthorizationRequest;
import io.helix.api.policy.Decision;
import io.helix.api.policy.Entity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DefaultPoliciesTest {
    private static final CedarAuthorizer AUTHORIZER = new CedarAuthorizer();
    private static final Entity RECIPE = owned("Recipe", "demo", "triage");
    private static final Entity MAILER = owned("Agent", "demo", "mailer");
    private static final Entity ORDERS = owned("EventType", "demo", "orders.created");

    @BeforeAll
    static void useTheDefaults() {
        for (String profile : List.of("demo", "other")) {
            AUTHORIZER.replace(profile, AUTHORIZER.defaults(profile));
        }
    }

    @Test
    void theDefaultsAreValid() {
        Map<String, String> defaults = AUTHORIZER.defaults("demo");
        assertThat(defaults).containsKeys("default.admins", "default.rules-trigger");
        defaults.forEach(
                (id, text) -> assertThat(AUTHORIZER.validate(id, text)).as(id).isEmpty());
    }

    @Test
    void theDefaultsAreForProfileNamesOnly() {
        assertThatThrownBy(() -> AUTHORIZER.defaults("x\", y")).isInstanceOf(HelixException.class);
    }

    @Test
    void anAdminMayDoEverythingInTheProfile() {
        Entity admin = key("demo", "admin");
        for (String action : List.of("view", "list", "create", "update", "delete")) {
            for (String type : List.of("Agent", "Rule", "Recipe", "Policy", "Credential", "EventType", "StateKey")) {
                permitted("default.admins", ask(admin, action, owned(type, "demo", "x"), call("admin")));
            }
            permitted("default.admins", ask(admin, action, profileEntity("demo"), call("admin")));
        }
        permitted("default.admins", ask(admin, "editPolicy", owned("Policy", "demo", "x"), call("admin")));
        permitted("default.admins", ask(admin, "manageKeys", profileEntity("demo"), call("admin")));
        permitted("default.admins", ask(admin, "deployPlugin", profileEntity("demo"), call("admin")));
        permitted("default.admins", ask(admin, "triggerRecipe", RECIPE, call("admin")));
    }

    @Test
    void anOperatorReadsWritesPublishesAndTriggers() {
        Entity operator = user("ann", "demo", "operator");
        permitted("default.operators-read", ask(operator, "view", RECIPE, call()));
        permitted("default.operators-write", ask(operator, "update", RECIPE, call()));
        permitted("default.operators-write", ask(operator, "update", profileEntity("demo"), call()));
        permitted("default.operators-write", ask(operator, "triggerRecipe", RECIPE, call()));
        permitted("default.operators-write", ask(operator, "publishEvent", ORDERS, publish(0)));
        permitted("default.operators-write", ask(operator, "invokeAgent", MAILER, depth(0)));
    }

    @Test
    void anOperatorChangesNoPolicyAndNoKey() {
        Entity operator = user("ann", "demo", "operator");
        Entity policy = owned("Policy", "demo", "x");
        permitted("default.operators-read", ask(operator, "view", policy, call()));
        forbidden(ask(operator, "update", policy, call()));
        forbidden(ask(operator, "editPolicy", policy, call()));
        forbidden(ask(operator, "manageKeys", profileEntity("demo"), call()));
        forbidden(ask(operator, "delete", profileEntity("demo"), call()));
    }

    @Test
    void aViewerOnlyReads() {
        Entity viewer = key("demo", "viewer");
        permitted("default.viewers-read", ask(viewer, "list", profileEntity("demo"), call("admin")));
        forbidden(ask(viewer, "update", RECIPE, call("admin")));
        forbidden(ask(viewer, "triggerRecipe", RECIPE, call("admin")));
    }

    @Test
    void rulesTriggerRecipesAndInvokeAgentsOfTheirProfile() {
        permitted("default.rules-trigger", ask(rule("demo", "r"), "triggerRecipe", RECIPE, event(1)));
        permitted("default.rules-invoke", ask(rule("demo", "r"), "invokeAgent", MAILER, depth(1)));
        permitted("default.rules-invoke", ask(rule("demo", "r"), "invokeAgent", MAILER, both(1)));
        forbidden(ask(rule("demo", "r"), "readCredential", owned("Credential", "demo", "smtp"), purpose("login")));
    }

    @Test
    void agentsPublishReadCredentialsAndCallHttp() {
        Entity agent = agent("demo", "mailer");
        permitted("default.agents-publish", ask(agent, "publishEvent", ORDERS, publish(1)));
        permitted(
                "default.agents-credentials",
                ask(agent, "readCredential", owned("Credential", "demo", "smtp"), purpose("login")));
        Entity host = owned("HttpHost", "demo", "api.example.org");
        permitted("default.http", ask(agent, "callHttp", host, http("api.example.org", 443)));
    }

    @Test
    void nobodyReachesIntoAnotherProfile() {
        Entity theirs = owned("Recipe", "other", "triage");
        forbiddenBy("sys.isolation", ask("other", rule("demo", "r"), "triggerRecipe", theirs, event(1)));
        forbiddenBy("sys.isolation", ask("other", key("demo", "admin"), "update", theirs, call("admin")));
        forbiddenBy(
                "sys.isolation-profile",
                ask("other", key("demo", "admin"), "list", profileEntity("other"), call("admin")));
    }

    @Test
    void aProfileDoesNotAnswerForWhatAnotherOwns() {
        Entity theirs = owned("Recipe", "other", "triage");
        forbiddenBy("sys.isolation", ask("demo", rule("other", "r"), "triggerRecipe", theirs, event(1)));
        forbiddenBy("sys.isolation", ask("demo", key("other", "admin"), "list", profileEntity("other"), call("admin")));
    }

    @Test
    void aDisabledPrincipalMayDoNothing() {
        Entity rule = Requests.actor("Rule", "demo", "r", false);
        forbiddenBy("sys.disabled", ask(rule, "triggerRecipe", RECIPE, event(1)));
        forbiddenBy("sys.disabled", ask(key("demo", "admin", false), "view", RECIPE, call("admin")));
        forbiddenBy("sys.disabled", ask(owned("Rule", "demo", "r"), "triggerRecipe", RECIPE, event(1)));
    }

    @Test
    void anUnknownPrincipalMayDoNothing() {
        AuthorizationRequest request = new AuthorizationRequest(
                "demo", Requests.ref("Rule", "demo/r"), "triggerRecipe", RECIPE.ref(), List.of(RECIPE), event(1));
        forbiddenBy("sys.disabled", request);
    }

    @Test
    void anUnknownResourceIsForbidden() {
        Entity rule = rule("demo", "r");
        forbiddenBy(
                "sys.isolation",
                new AuthorizationRequest("demo", rule.ref(), "triggerRecipe", RECIPE.ref(), List.of(rule), event(1)));
    }

    @Test
    void scopesNarrowAKey() {
        Entity admin = key("demo", "admin");
        Entity policy = owned("Policy", "demo", "x");
        forbiddenBy("sys.scope-read", ask(admin, "view", RECIPE, call()));
        permitted("default.admins", ask(admin, "view", RECIPE, call("read")));
        permitted("default.admins", ask(admin, "view", RECIPE, call("write")));
        forbiddenBy("sys.scope-write", ask(admin, "update", RECIPE, call("read")));
        permitted("default.admins", ask(admin, "update", RECIPE, call("write")));
        forbiddenBy("sys.scope-policy", ask(admin, "update", policy, call("write")));
        forbiddenBy("sys.scope-admin", ask(admin, "editPolicy", policy, call("write")));
        permitted("default.admins", ask(admin, "editPolicy", policy, call("admin")));
    }

    @Test
    void aKeyWhoseCallIsUnknownHasNoScope() {
        forbiddenBy("sys.scope-write", ask(key("demo", "admin"), "publishEvent", ORDERS, publish(0)));
    }

    @Test
    void scopesDoNotConcernPeople() {
        permitted("default.admins", ask(user("ann", "demo", "admin"), "update", RECIPE, call()));
    }

    @Test
    void aChainOfCausesEndsAfterSixteen() {
        Entity rule = rule("demo", "r");
        permitted("default.rules-trigger", ask(rule, "triggerRecipe", RECIPE, event(16)));
        forbiddenBy("sys.depth", ask(rule, "triggerRecipe", RECIPE, event(17)));
        forbiddenBy("sys.depth", ask(rule, "invokeAgent", MAILER, depth(17)));
        forbiddenBy("sys.depth", ask(agent("demo", "a"), "publishEvent", ORDERS, publish(17)));
    }

    @Test
    void theRuntimeSaysHowLongAChainOfCausesMayBe() {
        Entity rule = rule("demo", "r");
        permitted("default.rules-trigger", ask(rule, "triggerRecipe", RECIPE, upTo(40, event(40))));
        forbiddenBy("sys.depth", ask(rule, "triggerRecipe", RECIPE, upTo(40, event(41))));
        forbiddenBy("sys.depth", ask(rule, "triggerRecipe", RECIPE, upTo(3, event(4))));
        permitted("default.rules-invoke", ask(rule, "invokeAgent", MAILER, upTo(40, depth(40))));
        forbiddenBy("sys.depth", ask(rule, "invokeAgent", MAILER, upTo(40, depth(41))));
        forbiddenBy("sys.depth", ask(agent("demo", "a"), "publishEvent", ORDERS, upTo(3, publish(4))));
    }

    @Test
    void anUnknownActionIsForbidden() {
        assertThat(forbidden(ask(rule("demo", "r"), "explode", RECIPE, event(1)))
                        .reason())
                .contains("'explode' is not in the schema");
    }

    @Test
    void anActionThatIsNotForThePrincipalIsForbidden() {
        Entity ann = user("ann", "demo", "admin");
        Entity credential = owned("Credential", "demo", "smtp");
        assertThat(forbidden(ask(ann, "readCredential", credential, purpose("look")))
                        .reason())
                .contains("does not fit the schema");
    }

    @Test
    void aContextThatDoesNotFitIsForbidden() {
        forbidden(ask(rule("demo", "r"), "invokeAgent", MAILER, event(1)));
        forbidden(ask(rule("demo", "r"), "triggerRecipe", RECIPE, event(1).put("extra", 1)));
        forbidden(ask(rule("demo", "r"), "invokeAgent", MAILER, depth(1).putNull("event")));
        var fraction = event(1);
        fraction.put("depth", 1.5);
        forbidden(ask(rule("demo", "r"), "triggerRecipe", RECIPE, fraction));
    }

    @Test
    void anAddressMayBeOfEitherFamilyOrOfTheShell() {
        Entity ann = user("ann", "demo", "admin");
        for (String address : List.of("10.0.0.1", "::1", "[0:0:0:0:0:0:0:1]", "fe80::1%eth0", "local")) {
            var context = call();
            context.withObject("/call").put("ip", address);
            permitted("default.admins", ask(ann, "view", RECIPE, context));
        }
        var context = call();
        context.withObject("/call").put("ip", "nowhere");
        forbidden(ask(ann, "view", RECIPE, context));
    }

    @Test
    void anIdWithControlCharactersIsForbidden() {
        forbidden(ask(rule("demo", "r\0"), "triggerRecipe", RECIPE, event(1)));
        forbidden(ask(rule("demo", "r\ud800"), "triggerRecipe", RECIPE, event(1)));
    }

    @Test
    void aProfileWithoutPoliciesForbidsAndSaysSo() {
        assertThat(forbidden(ask("new", rule("new", "r"), "triggerRecipe", owned("Recipe", "new", "x"), event(1)))
                        .reason())
                .isEqualTo("profile 'new' has no policies");
    }

    private static com.fasterxml.jackson.databind.node.ObjectNode both(int depth) {
        var context = event(depth);
        context.put("depth", depth);
        return context;
    }

    private static void permitted(String policy, AuthorizationRequest request) {
        assertThat(AUTHORIZER.decide(request)).isEqualTo(new Decision.Permit(List.of(policy)));
    }

    private static Decision forbidden(AuthorizationRequest request) {
        Decision decision = AUTHORIZER.decide(request);
        assertThat(decision).isInstanceOf(Decision.Forbid.class);
        return decision;
    }

    private static void forbiddenBy(String policy, AuthorizationRequest request) {
        assertThat(forbidden(request).policies()).contains(policy);
    }
}
