package io.helix.cedar;

import static io.helix.cedar.Requests.ask;
import static io.helix.cedar.Requests.call;
import static io.helix.cedar.Requests.depth;
import static io.helix.cedar.Requests.event;
import static io.helix.cedar.Requests.owned;
import static io.helix.cedar.Requests.rule;
import static io.helix.cedar.Requests.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.Problem;
import io.helix.api.policy.AuthorizationRequest;
import io.helix.api.policy.Entity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class PolicyChangesTest {
    private static final CedarAuthorizer AUTHORIZER = new CedarAuthorizer();
    private static final String PERMIT_ALL = "permit (principal, action, resource);";
    private static final Entity RULE = rule("demo", "r");
    private static final Entity RECIPE = owned("Recipe", "demo", "triage");
    private static final Entity AGENT = owned("Agent", "demo", "mailer");
    private static final AuthorizationRequest TRIGGER = ask(RULE, "triggerRecipe", RECIPE, event(1));

    @Test
    void aReplacedPolicyHoldsAtOnceAlsoForRememberedDecisions() {
        AUTHORIZER.replace("demo", Map.of("all", PERMIT_ALL));
        assertThat(AUTHORIZER.decide(TRIGGER).permitted()).isTrue();
        assertThat(AUTHORIZER.decide(TRIGGER).permitted()).isTrue();
        AUTHORIZER.replace("demo", Map.of("all", "permit (principal is Helix::Agent, action, resource);"));
        assertThat(AUTHORIZER.decide(TRIGGER).permitted()).isFalse();
        AUTHORIZER.replace("demo", Map.of("all", PERMIT_ALL));
        assertThat(AUTHORIZER.decide(TRIGGER).permitted()).isTrue();
    }

    @Test
    void aPolicyThatIsNotValidChangesNothing() {
        AUTHORIZER.replace("demo", Map.of("all", PERMIT_ALL));
        Map<String, String> policies = new HashMap<>();
        policies.put("none", "forbid (principal, action, resource);");
        policies.put("broken", "permit (principal, action resource);");
        policies.put("wrong", "permit (principal, action, resource is Helix::Recipe)\nwhen { resource.rsk == 3 };");
        assertThatThrownBy(() -> AUTHORIZER.replace("demo", policies))
                .isInstanceOfSatisfying(HelixException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(ErrorKind.INVALID);
                    assertThat(failure.problems())
                            .extracting(Problem::where)
                            .containsExactlyInAnyOrder(
                                    "Policy/broken line 1, column 27", "Policy/wrong line 2, column 8");
                });
        assertThat(AUTHORIZER.decide(TRIGGER).permitted()).isTrue();
    }

    @Test
    void noPoliciesMeansNone() {
        AUTHORIZER.replace("demo", Map.of("all", PERMIT_ALL));
        AUTHORIZER.replace("demo", Map.of());
        assertThat(AUTHORIZER.decide(TRIGGER).reason()).isEqualTo("profile 'demo' has no policies");
    }

    @Test
    void aProblemSaysWhereInLinesAndColumnsOfCharacters() {
        assertThat(AUTHORIZER.validate("p", PERMIT_ALL)).isEmpty();
        String umlauts =
                "// größer\npermit (principal, action, resource is Helix::Recipe) when { \"é😀\" == resource.rsk };";
        assertThat(AUTHORIZER.validate("p", umlauts))
                .singleElement()
                .satisfies(problem -> assertThat(problem.where()).isEqualTo("line 2, column 70"))
                .satisfies(
                        problem -> assertThat(problem.message()).contains("rsk").contains("risk"));
    }

    @Test
    void whatIsNoPolicyOfTheSchemaIsNotValid() {
        for (String text : List.of(
                "",
                "permit",
                "permit (principal == ?principal, action, resource);",
                "permit (principal is Helix::Robot, action, resource);",
                "permit (principal, action == Helix::Action::\"explode\", resource);",
                "permit (principal, action, resource) when { context.missing == 1 };",
                "permit (principal is Helix::User, action, resource) when { principal.email == \"x\" };")) {
            assertThat(AUTHORIZER.validate("p", text)).as(text).isNotEmpty();
        }
    }

    @Test
    void idsOfTheSystemAreReserved() {
        assertThat(AUTHORIZER.validate("sys.mine", PERMIT_ALL)).isNotEmpty();
        assertThatThrownBy(() -> AUTHORIZER.replace("demo", Map.of("sys.isolation", PERMIT_ALL)))
                .isInstanceOf(HelixException.class)
                .extracting(failure -> ((HelixException) failure).problems(), InstanceOfAssertFactories.LIST)
                .hasSize(1);
    }

    @Test
    void aPolicyThatFailsForbidsInsteadOfBeingSkipped() {
        AUTHORIZER.replace(
                "demo",
                Map.of(
                        "all",
                        PERMIT_ALL,
                        "overflow",
                        "forbid (principal, action == Helix::Action::\"invokeAgent\", resource)"
                                + " when { context.depth + 9223372036854775807 < 0 };"));
        var failing = AUTHORIZER.decide(ask(RULE, "invokeAgent", AGENT, depth(1)));
        assertThat(failing.permitted()).isFalse();
        assertThat(failing.reason()).startsWith("policy overflow failed");
        assertThat(AUTHORIZER.decide(ask(RULE, "invokeAgent", AGENT, depth(0))).permitted())
                .isTrue();
        assertThat(AUTHORIZER.decide(TRIGGER).permitted()).isTrue();
    }

    @Test
    void aForbidOfAGroupOfActionsHoldsForItsActions() {
        AUTHORIZER.replace(
                "demo",
                Map.of(
                        "all",
                        PERMIT_ALL,
                        "frozen",
                        "forbid (principal, action in [Helix::Action::\"write\"], resource);"));
        Entity ann = user("ann", "demo", "admin");
        assertThat(AUTHORIZER.decide(ask(ann, "update", RECIPE, call())).policies())
                .containsExactly("frozen");
        assertThat(AUTHORIZER.decide(ask(ann, "view", RECIPE, call())).permitted())
                .isTrue();
    }

    @Test
    void aThousandPoliciesAreSlicedToTheFewThatMatter() {
        AUTHORIZER.replace("demo", thousand());
        for (int i = 0; i < 1_000; i += 111) {
            Entity rule = rule("demo", "r" + i);
            assertThat(AUTHORIZER
                            .decide(ask(rule, "triggerRecipe", recipe(i), event(1)))
                            .policies())
                    .containsExactly("p" + i);
            assertThat(AUTHORIZER
                            .decide(ask(rule, "triggerRecipe", recipe(i + 1), event(1)))
                            .permitted())
                    .isFalse();
        }
    }

    @Test
    void decisionsAreRightWhilePoliciesChange() throws Exception {
        AUTHORIZER.replace("busy", Map.of("even", PERMIT_ALL));
        Entity rule = rule("busy", "r");
        AtomicBoolean changing = new AtomicBoolean(true);
        Callable<Integer> deciding = () -> {
            int decided = 0;
            do {
                var request = ask(
                        "busy",
                        rule,
                        "triggerRecipe",
                        owned("Recipe", "busy", "r" + decided % 50),
                        event(decided % 16));
                assertThat(AUTHORIZER.decide(request).policies())
                        .hasSize(1)
                        .first()
                        .isIn("even", "odd");
                decided++;
            } while (changing.get());
            return decided;
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> results = IntStream.range(0, 4)
                    .mapToObj(i -> threads.submit(deciding))
                    .toList();
            try {
                for (int i = 0; i < 100; i++) {
                    AUTHORIZER.replace("busy", Map.of(i % 2 == 0 ? "odd" : "even", PERMIT_ALL));
                }
            } finally {
                changing.set(false);
            }
            for (Future<Integer> result : results) {
                assertThat(result.get()).isPositive();
            }
        }
    }

    private static Entity recipe(int i) {
        return owned("Recipe", "demo", "c" + i);
    }

    private static Map<String, String> thousand() {
        Map<String, String> policies = new HashMap<>();
        IntStream.range(0, 1_000)
                .forEach(i -> policies.put(
                        "p" + i,
                        "permit (principal == Helix::Rule::\"demo/r%1$d\", action == Helix::Action::\"triggerRecipe\","
                                        .formatted(i)
                                + " resource == Helix::Recipe::\"demo/c%1$d\");".formatted(i)));
        return policies;
    }
}
