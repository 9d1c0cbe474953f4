package io.helix.shell;

import static io.helix.sdk.testing.control.FakeControlPlane.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.Problem;
import io.helix.api.control.ControlPlane.AgentStatus;
import io.helix.api.document.Kind;
import io.helix.api.event.Channel;
import io.helix.api.event.DeadLetter;
import io.helix.api.event.EventFormat;
import io.helix.api.event.StoredMessage;
import io.helix.api.recipe.Run;
import io.helix.api.recipe.RunState;
import io.helix.api.recipe.StepRecord;
import io.helix.api.recipe.StepState;
import io.helix.api.store.Projection.AuditEntry;
import io.helix.sdk.testing.control.FakeControlPlane;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
    private final FakeControlPlane control = new FakeControlPlane();
    private final TestSession terminal = new TestSession();

    private String execute(HelixCommand command) throws Exception {
        return terminal.execute(command, control);
    }

    private static List<HelixCommand> lists() {
        return List.of(
                new ShowStatus(),
                new ListEvents(),
                new ListRules(),
                new ListRecipes(),
                new ListPolicies(),
                new ListProfiles(),
                new ListAgents(),
                new ListAgentTypes(),
                new ListPlugins(),
                new ListCredentials(),
                new ListKeys(),
                new ListRuns(),
                new ListDecisions(),
                new DeadLetters());
    }

    @Test
    void each_list_has_words_for_having_nothing_and_speaks_json() throws Exception {
        for (HelixCommand command : lists()) {
            String name = command.getClass().getAnnotation(Command.class).name();
            assertThat(execute(command)).as(name).isNotBlank();
            command.json = true;
            String json = execute(command);
            assertThat(EventFormat.parse(json.getBytes(StandardCharsets.UTF_8)).isContainerNode())
                    .as(name)
                    .isTrue();
        }
    }

    @Test
    void the_status_shows_each_part() throws Exception {
        assertThat(execute(new ShowStatus()))
                .contains("Helix 0.1.0")
                .contains("1 profiles")
                .contains("nats  UP");
    }

    @Test
    void documents_are_listed_shown_as_yaml_and_deleted() throws Exception {
        control.add(Kind.RULE, "triage");
        assertThat(execute(new ListRules())).contains("triage  1         live");
        GetDocument get = new GetDocument();
        get.kind = "Rules";
        get.name = "triage";
        assertThat(execute(get)).startsWith("# revision 1 by tester").contains("kind: Rule\nmetadata:\n  name: triage");
        DeleteDocument delete = new DeleteDocument();
        delete.kind = "rule";
        delete.name = "triage";
        assertThat(execute(delete)).isEqualTo("deleted Rule/triage\n");
        assertThat(execute(new ListRules())).isEqualTo("there are no rules\n");
    }

    @Test
    void a_file_is_tried_and_applied(@TempDir Path directory) throws Exception {
        Files.writeString(
                directory.resolve("a.json"),
                FakeControlPlane.shell(Kind.RECIPE, "notify").toString());
        terminal.directory = directory;
        ApplyFile apply = new ApplyFile();
        apply.file = "a.json";
        apply.dryRun = true;
        assertThat(execute(apply)).startsWith("Recipe/notify would be created").contains("+ Recipe/notify");
        apply.dryRun = false;
        assertThat(execute(apply)).startsWith("Recipe/notify created, revision 1");
    }

    @Test
    void an_event_is_published_with_json_or_a_file(@TempDir Path directory) throws Exception {
        terminal.directory = directory;
        Files.writeString(directory.resolve("data.json"), "{\"n\":2}");
        PublishEvent publish = new PublishEvent();
        publish.type = "shop.order";
        publish.data = "{\"n\":1}";
        publish.id = "e1";
        assertThat(execute(publish)).isEqualTo("published e1 at 1\n");
        publish.id = "e2";
        publish.data = "@data.json";
        execute(publish);
        assertThat(control.published().getLast().data()).hasToString("{\"n\":2}");
        assertThat(execute(new ListEvents())).contains("shop.order  e2  helix/shell");
    }

    @Test
    void a_recipe_is_started_with_inputs_and_its_run_shown() throws Exception {
        control.add(Kind.RECIPE, "notify");
        StartRecipe start = new StartRecipe();
        start.recipe = "notify";
        start.inputs = List.of("n=3", "text=hello world", "list=[1]");
        assertThat(execute(start)).startsWith("run run-1");
        assertThat(control.started().getFirst().inputs())
                .hasToString("{\"n\":3,\"text\":\"hello world\",\"list\":[1]}");
        control.add(run(false));
        assertThat(execute(new ListRuns()))
                .contains("failed")
                .contains("notify")
                .contains("triage");
        ShowRun show = new ShowRun();
        show.id = "r1";
        assertThat(execute(show))
                .contains("notify revision 1: failed")
                .contains("rule triage revision 2, event e1")
                .contains("error: no answer")
                .contains("call  failed  caller  3      0");
    }

    @Test
    void a_late_run_says_so() throws Exception {
        control.add(run(true));
        assertThat(execute(new ListRuns())).contains("failed, late");
        ShowRun show = new ShowRun();
        show.id = "r1";
        assertThat(execute(show)).contains("failed, late,").contains("due while Helix was not running");
    }

    private static Run run(boolean late) {
        StepRecord step = new StepRecord(
                "call",
                "caller",
                StepState.FAILED,
                3,
                NOW,
                NOW,
                TextNode.valueOf("x"),
                "no answer ".repeat(30),
                List.of(),
                List.of());
        return new Run(
                "r1",
                "default",
                "notify",
                1,
                "triage",
                2,
                "e1",
                "test",
                "Rule::triage",
                List.of(),
                late,
                RunState.FAILED,
                NOW,
                NOW,
                "no answer",
                List.of(step));
    }

    @Test
    void a_secret_is_asked_for_and_never_printed(@TempDir Path directory) throws Exception {
        terminal.typed = "s3cret";
        SetCredential set = new SetCredential();
        set.name = "token";
        assertThat(execute(set)).isEqualTo("stored token, version 1\n");
        assertThat(control.secret("token")).isEqualTo("s3cret".getBytes(StandardCharsets.UTF_8));
        Files.writeString(directory.resolve("secret"), "other\n");
        terminal.directory = directory;
        set.file = "secret";
        assertThat(execute(set)).isEqualTo("stored token, version 2\n");
        assertThat(control.secret("token")).isEqualTo("other\n".getBytes(StandardCharsets.UTF_8));
        DeleteCredential delete = new DeleteCredential();
        delete.name = "token";
        assertThat(execute(delete)).isEqualTo("deleted credential token\n");
        assertThat(terminal.printed()).doesNotContain("s3cret").doesNotContain("other");
    }

    @Test
    void a_script_that_nobody_answers_is_told_to_use_a_file() {
        SetCredential set = new SetCredential();
        set.name = "token";
        assertThatThrownBy(() -> execute(set)).hasMessageContaining("--file");
    }

    @Test
    void a_key_is_shown_once_and_its_digest_never() throws Exception {
        CreateKey create = new CreateKey();
        create.name = "laptop";
        create.days = 30;
        assertThat(execute(create)).startsWith("hlx_key1_secret\n");
        ListKeys list = new ListKeys();
        assertThat(execute(list)).contains("laptop").doesNotContain("hlx_");
        list.json = true;
        assertThat(execute(list)).contains("laptop").doesNotContain("digest");
        DeleteKey delete = new DeleteKey();
        delete.id = "key1";
        assertThat(execute(delete)).isEqualTo("deleted API key key1\n");
    }

    @Test
    void dead_letters_are_listed_sent_again_and_deleted() throws Exception {
        control.add(letter(7));
        control.add(letter(8));
        assertThat(execute(new DeadLetters()))
                .contains("7")
                .contains("TRIGGERS")
                .contains("broken");
        DeadLetters resend = new DeadLetters();
        resend.resend = 7L;
        assertThat(execute(resend)).isEqualTo("sent again 7\n");
        DeadLetters delete = new DeadLetters();
        delete.delete = 8L;
        assertThat(execute(delete)).isEqualTo("deleted 8\n");
        assertThat(execute(new DeadLetters())).isEqualTo("there are no dead letters\n");
    }

    private static StoredMessage letter(long sequence) {
        Map<String, String> headers =
                Map.of(DeadLetter.REASON, "broken", DeadLetter.CHANNEL, "TRIGGERS", DeadLetter.ATTEMPTS, "5");
        return new StoredMessage(
                Channel.DEAD_LETTERS,
                "default",
                "notify",
                "id",
                sequence,
                NOW,
                headers,
                "{}".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void agents_and_decisions_are_listed() throws Exception {
        control.add(new AgentStatus("caller", "http.request", "action", "failed", "x".repeat(300), null, 3, 1));
        control.add(new AuditEntry(
                "d1", NOW, "Rule::triage", "triggerRecipe", "Recipe::notify", false, List.of("night"), "", "e1"));
        control.add(new AgentStatus("second", "cron", "source", "running", "\u001b[2Jx", NOW, 0, 0));
        assertThat(execute(new ListAgents())).contains("caller").contains("…").contains("second");
        assertThat(execute(new ListDecisions())).contains("forbid").contains("night");
    }

    // --- profile and failures

    @Test
    void the_profile_is_the_option_or_the_variable_or_default() throws Exception {
        ListRules rules = new ListRules();
        execute(rules);
        terminal.variables.put("HELIX_PROFILE", "elsewhere");
        assertThatThrownBy(() -> execute(rules)).hasMessageContaining("elsewhere");
        rules.profile = "default";
        execute(rules);
    }

    private void assertRefused(String message, List<Problem> problems, String shown) {
        control.failWith(new HelixException(ErrorKind.INVALID, message, problems));
        assertThatThrownBy(() -> execute(new ListRules()))
                .isInstanceOfSatisfying(
                        CommandException.class,
                        failure -> assertThat(failure.getNiceHelp()).isEqualTo("\u001b[31m" + shown + "\u001b[0m"));
    }

    @Test
    void a_failure_is_red_and_says_each_problem_once() {
        Problem one = new Problem("spec.a", "unknown");
        Problem two = new Problem("spec.b", "is\nmissing");

        assertRefused("it is\nbusy", List.of(), "it is busy");
        assertRefused("two places\nare wrong", List.of(one), "two places are wrong; spec.a: unknown");
        assertRefused("tests fail", List.of(one, two), "tests fail\n  " + one + "\n  spec.b: is missing");
        assertRefused(one.toString(), List.of(one), one.toString());
        assertRefused(
                "2 problems; the first: " + one, List.of(one, two), "2 problems\n  " + one + "\n  spec.b: is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rulez", "", "credential"})
    void words_that_are_no_kind_are_refused(String word) {
        assertThatThrownBy(() -> KindWords.kind(word)).hasMessageContaining("is no kind");
    }

    @Test
    void a_missing_file_is_a_failure_without_a_trace() {
        ApplyFile apply = new ApplyFile();
        apply.file = "none.yaml";
        assertThatThrownBy(() -> execute(apply)).isInstanceOf(CommandException.class);
    }

    @Test
    void names_are_completed_from_what_exists() {
        control.add(Kind.RULE, "triage");
        RuleNames names = new RuleNames();
        assertThat(names.names(control, terminal.session(), "default")).containsExactly("triage");
    }

    @Test
    void the_author_is_the_person_of_the_session() throws Exception {
        terminal.variables.put("USER", "ada");
        SetCredential set = new SetCredential();
        set.name = "token";
        terminal.typed = "x";
        execute(set);
        assertThat(new ArrayList<>(control.credentials(control.localOperator("x"), "default"))
                        .getFirst()
                        .author())
                .isEqualTo("ada");
    }

    @Test
    void a_fact_is_set_listed_and_removed() throws Exception {
        assertThat(execute(new ListFacts())).isEqualTo("no facts are set\n");
        SetFact set = new SetFact();
        set.name = "mode";
        set.value = "night";
        assertThat(execute(set)).startsWith("mode is \"night\" since ");
        set.value = "3";
        assertThat(execute(set)).startsWith("mode is 3 since ");
        assertThat(execute(new ListFacts())).contains("mode", "3");
        RemoveFact remove = new RemoveFact();
        remove.name = "mode";
        assertThat(execute(remove)).isEqualTo("removed fact mode\n");
        assertThatThrownBy(() -> execute(remove)).hasMessageContaining("not set");
    }
}
