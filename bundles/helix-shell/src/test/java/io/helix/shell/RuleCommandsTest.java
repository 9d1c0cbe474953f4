package io.helix.shell;

import static io.helix.sdk.testing.control.FakeControlPlane.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.helix.api.control.ControlPlane.BackTest;
import io.helix.api.control.ControlPlane.BackTestSide;
import io.helix.api.control.ControlPlane.Explanation;
import io.helix.api.control.ControlPlane.Firing;
import io.helix.api.control.ControlPlane.RoleReport;
import io.helix.api.control.ControlPlane.RuleStatus;
import io.helix.api.control.ControlPlane.RuleTestCase;
import io.helix.api.control.ControlPlane.RuleTestReport;
import io.helix.api.control.ControlPlane.ThrottleReport;
import io.helix.api.control.ControlPlane.Waiting;
import io.helix.api.control.ControlPlane.WhereReport;
import io.helix.api.document.Kind;
import io.helix.api.event.EventFormat;
import io.helix.api.rule.ConditionReport;
import io.helix.api.store.Projection.AuditEntry;
import io.helix.sdk.testing.control.FakeControlPlane;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleCommandsTest {
    private static final Firing FIRING = new Firing(NOW, "\"a\"", List.of("e1", "e2"), Map.of());

    private final FakeControlPlane control = new FakeControlPlane();
    private final TestSession terminal = new TestSession();

    @TempDir
    Path directory = Path.of("");

    @BeforeEach
    void store() throws Exception {
        control.add(Kind.RULE, "triage");
        terminal.directory = directory;
        Files.writeString(
                directory.resolve("rules.json"),
                FakeControlPlane.shell(Kind.RULE, "triage") + "\n" + FakeControlPlane.shell(Kind.RULE, "other"));
    }

    private String execute(HelixCommand command) throws Exception {
        return terminal.execute(command, control);
    }

    private void failOneTest() {
        control.add(new RuleTestReport(
                "triage",
                List.of(
                        new RuleTestCase("fires on a bug", true, "", List.of()),
                        new RuleTestCase("is quiet", false, "wanted no firing\ngot one", List.of(FIRING)))));
    }

    @Test
    void rules_are_listed_with_how_they_do() throws Exception {
        control.add(new RuleStatus(
                "triage", 3, "suspended", "its memory is full", 7, 2, 1, 0, NOW, 12, "no such overload: text > int"));
        assertThat(execute(new ListRules()))
                .contains("triage  3         suspended  7          2      1          12      2026-11-24 10:15:30")
                .contains("triage is suspended: its memory is full\n")
                .contains("triage failed the last time because: no such overload: text > int\n");
        ResumeRule resume = new ResumeRule();
        resume.name = "triage";
        assertThat(execute(resume)).isEqualTo("rule triage goes on\n");
        assertThat(control.resumed()).containsExactly("triage");
    }

    // --- tests

    @Test
    void tests_of_a_stored_rule_are_shown_and_one_that_fails_stops_a_script() {
        failOneTest();
        TestRules test = new TestRules();
        test.name = "triage";
        assertThatThrownBy(() -> execute(test))
                .isInstanceOf(CommandException.class)
                .hasMessage("1 of 2 tests failed");
        assertThat(terminal.printed()).isEqualTo("""
                rule triage
                  ok      fires on a bug
                  failed  is quiet
                          wanted no firing
                          got one
                """);
    }

    @Test
    void tests_as_json_are_those_of_the_api() {
        failOneTest();
        TestRules test = new TestRules();
        test.name = "triage";
        test.json = true;
        assertThatThrownBy(() -> execute(test)).hasMessage("1 of 2 tests failed");
        JsonNode printed = EventFormat.parse(terminal.printed().getBytes(StandardCharsets.UTF_8));
        assertThat(printed.get("passed").asBoolean(true)).isFalse();
        assertThat(printed.at("/rules/0/cases/0/passed").asBoolean()).isTrue();
    }

    @Test
    void the_rules_of_a_file_are_tested_all_or_one() throws Exception {
        TestRules test = new TestRules();
        test.file = "rules.json";
        assertThat(execute(test)).isEqualTo("rule triage has no tests\nrule other has no tests\n");
        test.name = "other";
        assertThat(execute(test)).isEqualTo("rule other has no tests\n");
        assertThatThrownBy(() -> execute(new TestRules())).hasMessageContaining("--file");
    }

    @Test
    void a_file_whose_tests_fail_is_applied_only_by_force() throws Exception {
        failOneTest();
        ApplyFile apply = new ApplyFile();
        apply.file = "rules.json";
        assertThatThrownBy(() -> execute(apply)).isInstanceOf(CommandException.class);
        apply.force = true;
        assertThat(execute(apply)).contains("Rule/other created").contains("warning: test 'is quiet' fails");
    }

    // --- back-tests

    @Test
    void a_back_test_shows_each_day_and_what_is_gained_and_lost() throws Exception {
        BackTestSide current = new BackTestSide(3, 2, 0, Map.of(LocalDate.of(2026, 11, 23), 2L), List.of());
        BackTestSide candidate = new BackTestSide(0, 25, 4, Map.of(LocalDate.of(2026, 11, 24), 25L), List.of());
        List<Firing> gained = Collections.nCopies(25, FIRING);
        control.add(new BackTest("triage", NOW, NOW, 120, false, true, candidate, current, gained, List.of(FIRING)));
        BackTestRule test = new BackTestRule();
        test.file = "rules.json";
        test.from = "2026-11-20T00:00:00Z";
        test.to = "2026-11-25T00:00:00Z";
        assertThat(execute(test))
                .startsWith("rule triage, 120 events from 2026-11-20 00:00:00 to 2026-11-25 00:00:00 UTC\n")
                .contains("not complete")
                .contains("not all are listed: there are more firings than the lists hold")
                .contains("current, revision 3: fires 2 times, throttles 0")
                .contains("candidate: fires 25 times, throttles 4")
                .contains("2026-11-23  2        0\n2026-11-24  0        25\n")
                .contains("gained:\nTIME (UTC)           KEY  EVENTS\n2026-11-24 10:15:30  \"a\"  e1 e2")
                .contains("5 more; --json lists them\nlost:\n");
    }

    @Test
    void a_stored_rule_is_tried_on_the_last_day() throws Exception {
        BackTestRule test = new BackTestRule();
        test.name = "triage";
        assertThat(execute(test)).contains("it fires on no day").doesNotContain("not complete");
        FakeControlPlane.BackTested asked = control.backTested().getFirst();
        assertThat(asked.rule()).isEqualTo("triage");
        assertThat(asked.documents()).isNull();
        assertThat(asked.to()).isNull();
        assertThat(Duration.between(asked.from(), InstantSource.system().instant()))
                .isGreaterThanOrEqualTo(Duration.ofDays(1));
        test.from = "yesterday";
        assertThatThrownBy(() -> execute(test)).hasMessageContaining("such as 30m, 24h or 7d");
    }

    // --- explanations

    private String explain(Explanation explanation) throws Exception {
        control.add(explanation);
        ExplainEvent explain = new ExplainEvent();
        explain.event = explanation.eventId();
        explain.rule = explanation.rule();
        return execute(explain);
    }

    @Test
    void an_explanation_points_at_the_first_condition_that_failed() throws Exception {
        List<ConditionReport> conditions = List.of(
                new ConditionReport("data.n", "equals 1", IntNode.valueOf(1), false, true),
                new ConditionReport("data.label", "equals \"bug\"", MissingNode.getInstance(), true, false),
                new ConditionReport("data.who", "equals \"ada\"", TextNode.valueOf("bob"), false, false));
        RoleReport role = new RoleReport(
                "event", false, false, conditions, new WhereReport("event.data.n > 1", true, "true"), null, "");
        assertThat(explain(new Explanation(
                        "e1",
                        "triage",
                        2,
                        false,
                        "data.label is absent",
                        List.of(role),
                        null,
                        List.of(),
                        null,
                        null,
                        List.of())))
                .isEqualTo("""
                        rule triage revision 2 does not fire: data.label is absent
                        role event: does not match
                               FIELD       TEST          VALUE
                        yes    data.n      equals 1      1
                        -> no  data.label  equals "bug"  absent
                        no     data.who    equals "ada"  "bob"
                        where event.data.n > 1: true
                        """);
    }

    @Test
    void an_explanation_of_several_roles_says_what_the_rule_waits_with() throws Exception {
        RoleReport order = new RoleReport("order", false, true, List.of(), null, "\"a\"", "");
        RoleReport payment = new RoleReport("payment", true, false, List.of(), null, null, "the key is absent");
        AuditEntry decision = new AuditEntry(
                "d1", NOW, "Rule::triage", "triggerRecipe", "Recipe::notify", false, List.of("night"), "at night", "");
        assertThat(explain(new Explanation(
                        "e1",
                        "triage",
                        2,
                        false,
                        "waits",
                        List.of(order, payment),
                        new WhereReport("order.data.n > 1", false, "false"),
                        List.of(new Waiting("order", "\"a\"", "e0", NOW, NOW.plusSeconds(60))),
                        new ThrottleReport("first", "\"a\"", NOW.plusSeconds(30), 2),
                        decision,
                        List.of())))
                .isEqualTo("""
                        rule triage revision 2 does not fire: waits
                        role order: matches
                        it has no conditions
                        key "a"
                        role payment, which must not happen: does not match, the key is absent
                        it has no conditions
                        all roles, where order.data.n > 1: false
                        the rule waits with these events
                        ROLE   KEY  EVENT  SINCE (UTC)          UNTIL (UTC)
                        order  "a"  e0     2026-11-24 10:15:30  2026-11-24 10:16:30
                        throttle first, key "a": closed until 2026-11-24 10:16:00 UTC, holds 2
                        forbidden: at night
                        """);
    }
}
