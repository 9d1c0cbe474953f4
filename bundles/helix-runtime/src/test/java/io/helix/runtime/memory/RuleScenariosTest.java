package io.helix.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.control.ControlPlane.RuleTestCase;
import io.helix.runtime.document.RuleDefinition;
import io.helix.sdk.testing.bus.InMemoryEventBus;
import io.helix.sdk.testing.rule.PlainRuleMatcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** All the scenarios, on the plain engine. */
class RuleScenariosTest {
    private final PlainRuleMatcher matcher = new PlainRuleMatcher();
    private final RuleTests tests = new RuleTests(Rules.memories(new InMemoryEventBus(), matcher), matcher);

    @TestFactory
    Stream<DynamicTest> rulesMeanWhatTheScenariosSay() {
        return Rules.scenarios().stream().flatMap(this::tests);
    }

    private Stream<DynamicTest> tests(RuleDefinition rule) {
        return tests.run(rule).cases().stream()
                .map(result -> DynamicTest.dynamicTest(rule.key().name() + ": " + result.name(), () -> check(result)));
    }

    private static void check(RuleTestCase result) {
        assertThat(result.message()).isEmpty();
        assertThat(result.passed()).isTrue();
    }
}
