package io.helix.api.control;

import io.helix.api.control.ControlPlane.RuleTestReport;
import java.util.List;

/**
 * What the tests of several rules said.
 *
 * @param passed whether none failed
 */
public record RuleTests(boolean passed, List<RuleTestReport> rules) {
    public RuleTests {
        rules = List.copyOf(rules);
    }

    public static RuleTests of(List<RuleTestReport> rules) {
        return new RuleTests(rules.stream().allMatch(RuleTestReport::passed), rules);
    }
}
