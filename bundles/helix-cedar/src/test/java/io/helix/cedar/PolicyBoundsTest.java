package io.helix.cedar;

import static io.helix.cedar.Requests.ask;
import static io.helix.cedar.Requests.event;
import static io.helix.cedar.Requests.owned;
import static io.helix.cedar.Requests.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.Problem;
import io.helix.api.policy.AuthorizationRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each text that is refused here would end the JVM, or be read wrongly, if Cedar saw it. */
class PolicyBoundsTest {
    private static final CedarAuthorizer AUTHORIZER = new CedarAuthorizer();
    private static final String PERMIT_ALL = "permit (principal, action, resource);";
    private static final AuthorizationRequest TRIGGER =
            ask(rule("demo", "r"), "triggerRecipe", owned("Recipe", "demo", "triage"), event(1));

    static Stream<String> tooDeep() {
        return Stream.of(
                nested("(", 10_000, "true", ")"),
                nested("(", 32, "true", ")"),
                nested("!(", 100, "true", ")"),
                nested("[", 100, "1", "]") + " == [1]",
                nested("{a:", 100, "1", "}") + " has a",
                nested("if true then ", 100, "true", " else false"),
                nested("if false then false else ", 100, "true", ""),
                nested("if (", 100, "true", ") then true else false"));
    }

    static Stream<String> tooMany() {
        return Stream.of(
                "true" + " && true".repeat(2_000),
                "true" + " || true".repeat(2_000),
                "true" + " && true".repeat(250),
                "!".repeat(5_000) + "true",
                "-".repeat(5_000) + "1 == 1",
                "1" + " + 1".repeat(2_000) + " > 0",
                "1" + "*1".repeat(2_000) + " > 0",
                "principal" + " in principal".repeat(2_000),
                "context" + ".a".repeat(2_000),
                "context" + "[\"a\"]".repeat(2_000),
                "context has a" + ".a".repeat(2_000));
    }

    static Stream<String> justWithin() {
        return Stream.of(
                nested("(", 31, "true", ")"),
                nested("!!(", 31, "true", ")"),
                nested("[", 31, "1", "]") + " == " + nested("[", 31, "1", "]"),
                nested("{a:", 31, "1", "}") + " has a",
                nested("if true then ", 31, "true", " else false"),
                nested("if false then false else ", 31, "true", ""),
                "true" + " && true".repeat(248),
                "false" + " || false".repeat(247) + " || true",
                "1" + " + 1".repeat(247) + " > 0",
                "true" + " && true".repeat(150) + " && " + nested("(!!", 31, "true", ")"),
                "\"" + "((".repeat(1_000) + "\" != \"" + "&&".repeat(1_000) + "\" // " + "!(".repeat(1_000) + "\n",
                "[1" + ", 1".repeat(20_000) + "].contains(1)");
    }

    @ParameterizedTest
    @MethodSource("tooDeep")
    void whatIsNestedTooDeeplyIsRefused(String condition) {
        assertThat(AUTHORIZER.validate("team", PERMIT_ALL + when(condition)))
                .anySatisfy(problem -> assertThat(problem.message()).contains("levels deep; 32 are allowed"))
                .allSatisfy(problem -> assertThat(problem.where()).isEqualTo("statement 2"));
    }

    @ParameterizedTest
    @MethodSource("tooMany")
    void whatHasTooManyOperatorsIsRefused(String condition) {
        assertThat(AUTHORIZER.validate("team", when(condition)))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message())
                        .contains("operators and brackets; 250 are allowed: make several statements of it"));
    }

    @ParameterizedTest
    @MethodSource("justWithin")
    void whatIsJustWithinTheBoundsDecides(String condition) {
        AUTHORIZER.replace("demo", Map.of("team", when(condition)));
        assertThat(AUTHORIZER.decide(TRIGGER).policies()).containsExactly("team");
        assertThat(AUTHORIZER.decide(TRIGGER).permitted()).isTrue();
    }

    @Test
    void theNumberIsInTheProblem() {
        assertThat(AUTHORIZER.validate("team", PERMIT_ALL + when(nested("(", 40, "true", ")"))))
                .containsExactly(new Problem("statement 2", "nests brackets and 'if' 41 levels deep; 32 are allowed"));
    }

    @Test
    void eachStatementCountsByItself() {
        assertThat(AUTHORIZER.validate(
                        "team", when("true" + " && true".repeat(200)).repeat(30)))
                .isEmpty();
    }

    @Test
    void aTextThatIsTooLongIsRefused() {
        String text = "//" + "x".repeat(65_536 - PERMIT_ALL.length() - 3) + "\n" + PERMIT_ALL;
        assertThat(AUTHORIZER.validate("team", text)).isEmpty();
        assertThat(AUTHORIZER.validate("team", text + " "))
                .containsExactly(new Problem("", "has 65537 characters; 65536 are allowed"));
    }

    @Test
    void aDocumentThatWasKeptBeforeTheBoundsChangesNothingWhenItIsLoaded() {
        AUTHORIZER.replace("demo", Map.of("all", PERMIT_ALL));
        assertThatThrownBy(() -> AUTHORIZER.replace(
                        "demo", Map.of("all", PERMIT_ALL, "old", when(nested("(", 10_000, "true", ")")))))
                .isInstanceOfSatisfying(HelixException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(ErrorKind.INVALID);
                    assertThat(failure.problems()).extracting(Problem::where).contains("Policy/old");
                });
        assertThat(AUTHORIZER.decide(TRIGGER).permitted()).isTrue();
    }

    @Test
    void halfACharacterIsRefused() {
        assertThat(AUTHORIZER.validate("team", "// \ud83d\ude00\n" + PERMIT_ALL))
                .isEmpty();
        for (String half : List.of("\ud83d", "\ude00", "\ude00\ud83d")) {
            assertThat(AUTHORIZER.validate("team", PERMIT_ALL + "\n// é" + half))
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.where()).isEqualTo("line 2, column 5"))
                    .satisfies(problem -> assertThat(problem.message()).contains("one half of a character"));
        }
    }

    @Test
    void whatOnlyJavaTakesForABlankIsRefused() {
        for (char c = 0x1c; c <= 0x1f; c++) {
            assertThat(AUTHORIZER.validate("team", PERMIT_ALL + c + PERMIT_ALL)).isNotEmpty();
            assertThat(AUTHORIZER.validate("team", PERMIT_ALL + PERMIT_ALL + c)).isNotEmpty();
        }
        assertThat(AUTHORIZER.validate("team", PERMIT_ALL + "\u000b\u0085\u2003\u3000" + PERMIT_ALL))
                .isEmpty();
    }

    @Test
    void ofOneDocumentTwentyProblemsAreListed() {
        assertThat(AUTHORIZER.validate("team", "permt;".repeat(20))).hasSize(20);
        assertThat(AUTHORIZER.validate("team", "permt;".repeat(90)))
                .hasSize(21)
                .last()
                .isEqualTo(new Problem("", "and more problems of this document"));
    }

    @Test
    void ofAllDocumentsAHundredProblemsAreListed() {
        assertThat(refused(Map.of("team", "permt;".repeat(21), "other", "permt;")))
                .hasSize(22);
        assertThat(refused(documents("permt;", 100))).hasSize(100);
        assertThat(refused(documents("permt;", 150)))
                .hasSize(101)
                .last()
                .satisfies(problem ->
                        assertThat(problem.message()).contains("more problems").contains("others"));
        assertThat(refused(documents(when(nested("(", 99, "true", ")")), 150))).hasSize(101);
    }

    private static List<Problem> refused(Map<String, String> texts) {
        try {
            AUTHORIZER.replace("refused", texts);
            throw new AssertionError("was accepted");
        } catch (HelixException e) {
            return e.problems();
        }
    }

    private static Map<String, String> documents(String text, int number) {
        Map<String, String> texts = new HashMap<>();
        for (int i = 0; i < number; i++) {
            texts.put("p" + i, text);
        }
        return texts;
    }

    private static String when(String condition) {
        return "permit (principal, action, resource) when { " + condition + " };";
    }

    private static String nested(String before, int times, String inner, String after) {
        return before.repeat(times) + inner + after.repeat(times);
    }
}
