package io.helix.cedar;

import static io.helix.cedar.Requests.ask;
import static io.helix.cedar.Requests.depth;
import static io.helix.cedar.Requests.event;
import static io.helix.cedar.Requests.owned;
import static io.helix.cedar.Requests.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.Problem;
import io.helix.api.policy.AuthorizationRequest;
import io.helix.api.policy.Decision;
import io.helix.api.policy.Entity;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A document of a profile may hold more than one statement. */
class SeveralStatementsTest {
    private static final CedarAuthorizer AUTHORIZER = new CedarAuthorizer();
    private static final String PERMIT_ALL = "permit (principal, action, resource);";
    private static final String NO_SECRETS = "forbid (principal, action, resource == Helix::Recipe::\"demo/secret\");";
    private static final Entity RULE = rule("demo", "r");

    @Test
    void permitsWhatOneStatementPermits() {
        AUTHORIZER.replace("demo", Map.of("team", NO_SECRETS + "\n" + PERMIT_ALL));
        assertThat(AUTHORIZER.decide(trigger("open"))).isEqualTo(new Decision.Permit(List.of("team#2")));
    }

    @Test
    void deniesWhatOneStatementOfADocumentForbids() {
        AUTHORIZER.replace("demo", Map.of("team", PERMIT_ALL + "\n" + NO_SECRETS));
        assertThat(AUTHORIZER.decide(trigger("secret")))
                .isEqualTo(new Decision.Forbid(List.of("team#2"), "forbidden by team#2"));
    }

    @Test
    void aStatementThatIsAloneHasTheNameOfItsDocument() {
        AUTHORIZER.replace("demo", Map.of("team", "// one; only\n@id(\"a;b\")" + PERMIT_ALL + " // done;"));
        assertThat(AUTHORIZER.decide(trigger("open")).policies()).containsExactly("team");
    }

    @Test
    void semicolonsInStringsCommentsAndAnnotationsEndNoStatement() {
        AUTHORIZER.replace("demo", Map.of("team", """
                // first; then
                @id("x;y")
                permit (principal, action, // in; side
                  resource)
                unless { context has purpose && context.purpose == "a;b\\"c" };
                // second;
                @id("policy0")
                forbid (principal, action, resource == Helix::Recipe::"demo/secret");
                // end;"""));
        assertThat(AUTHORIZER.decide(trigger("open")).policies()).containsExactly("team#1");
        assertThat(AUTHORIZER.decide(trigger("secret")).policies()).containsExactly("team#2");
    }

    @Test
    void twelveStatementsKeepTheirOrder() {
        AUTHORIZER.replace(
                "demo",
                Map.of(
                        "team",
                        IntStream.rangeClosed(1, 12)
                                .mapToObj(i -> "permit (principal, action, resource == Helix::Recipe::\"demo/c%d\");"
                                        .formatted(i))
                                .collect(Collectors.joining("\r\n"))));
        for (int i = 1; i <= 12; i++) {
            assertThat(AUTHORIZER.decide(trigger("c" + i)).policies()).containsExactly("team#" + i);
        }
    }

    @Test
    void aChangedStatementHoldsAtOnce() {
        AUTHORIZER.replace("demo", Map.of("team", PERMIT_ALL + NO_SECRETS));
        assertThat(AUTHORIZER.decide(trigger("secret")).permitted()).isFalse();
        AUTHORIZER.replace("demo", Map.of("team", PERMIT_ALL + NO_SECRETS.replace("secret", "open")));
        assertThat(AUTHORIZER.decide(trigger("secret")).permitted()).isTrue();
        assertThat(AUTHORIZER.decide(trigger("open")).permitted()).isFalse();
        AUTHORIZER.replace("demo", Map.of("team", PERMIT_ALL));
        assertThat(AUTHORIZER.decide(trigger("open")).policies()).containsExactly("team");
    }

    @Test
    void aStatementThatFailsForbidsInsteadOfBeingSkipped() {
        AUTHORIZER.replace(
                "demo",
                Map.of(
                        "team",
                        PERMIT_ALL
                                + "forbid (principal, action == Helix::Action::\"invokeAgent\", resource)"
                                + " when { context.depth + 9223372036854775807 < 0 };"));
        Decision decision = AUTHORIZER.decide(ask(RULE, "invokeAgent", owned("Agent", "demo", "mailer"), depth(1)));
        assertThat(decision.permitted()).isFalse();
        assertThat(decision.policies()).containsExactly("team#2");
    }

    @Test
    void aMistakeIsReportedWithItsStatementAndItsPlaceInTheDocument() {
        assertThat(AUTHORIZER.validate("team", """
                // größer;
                permit (principal, action, resource);
                // größer
                permit (principal, action resource);
                forbid (principal, action, resource is Helix::Recipe) when { "é;" == resource.rsk };
                permt (principal, action, resource);
                """))
                .extracting(Problem::where)
                .containsExactly(
                        "statement 2, line 4, column 27",
                        "statement 3, line 5, column 70",
                        "statement 4, line 6, column 1");
    }

    @Test
    void aMistakeOfMeaningIsReportedWithItsStatementToo() {
        assertThat(
                        AUTHORIZER.validate(
                                "team",
                                PERMIT_ALL + " // é\r\n"
                                        + "  forbid (principal, action, resource is Helix::Recipe) when { resource.rsk == 3 };"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.where()).isEqualTo("statement 2, line 2, column 64"))
                .satisfies(
                        problem -> assertThat(problem.message()).contains("rsk").contains("risk"));
    }

    @Test
    void eachStatementIsWholeAndNoTemplate() {
        for (String text : List.of(
                PERMIT_ALL + PERMIT_ALL.replace(";", ""),
                PERMIT_ALL + ";",
                PERMIT_ALL + "x",
                PERMIT_ALL + "\"",
                PERMIT_ALL + "permit (principal == ?principal, action, resource);")) {
            assertThat(AUTHORIZER.validate("team", text))
                    .as(text)
                    .isNotEmpty()
                    .allSatisfy(problem -> assertThat(problem.where()).startsWith("statement 2"));
        }
    }

    @Test
    void aDocumentWithOneWrongStatementChangesNothing() {
        AUTHORIZER.replace("demo", Map.of("team", PERMIT_ALL));
        assertThatThrownBy(() -> AUTHORIZER.replace("demo", Map.of("team", NO_SECRETS + "\npermt;")))
                .isInstanceOfSatisfying(HelixException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(ErrorKind.INVALID);
                    assertThat(failure.problems())
                            .extracting(Problem::where)
                            .containsExactly("Policy/team statement 2, line 2, column 6");
                });
        assertThat(AUTHORIZER.decide(trigger("secret")).permitted()).isTrue();
    }

    @Test
    void aDocumentHoldsAHundredStatements() {
        assertThat(AUTHORIZER.validate("team", PERMIT_ALL.repeat(100))).isEmpty();
        assertThat(AUTHORIZER.validate("team", PERMIT_ALL.repeat(101)))
                .containsExactly(new Problem("", "has 101 statements; 100 are allowed: make several documents of it"));
    }

    private static AuthorizationRequest trigger(String recipe) {
        return ask(RULE, "triggerRecipe", owned("Recipe", "demo", recipe), event(1));
    }
}
