package io.helix.runtime.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.agent.AgentKind;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import io.helix.runtime.control.PathExpressions;
import io.helix.runtime.document.RuleLint.Emission;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecipeEmissionsTest {
    private static final Map<String, AgentKind> KINDS = Map.of(
            "transform", AgentKind.TRANSFORMER,
            "filter", AgentKind.TRANSFORMER,
            "split", AgentKind.TRANSFORMER,
            "send", AgentKind.ACTION);

    @Test
    void aTransformerThatPublishesNamesItsType() {
        assertThat(emission("[{id: a, uses: transform@1, publish: true, with: {type: order.summary}}]"))
                .isEqualTo(new Emission("r", Set.of("order.summary"), false, false));
    }

    @Test
    void whatIsNotPublishedDoesNotCount() {
        assertThat(emission("[{id: a, uses: transform, with: {type: x}}, {id: b, uses: split}]"))
                .isEqualTo(new Emission("r", Set.of(), false, false));
    }

    @Test
    void withoutATypeItIsThatOfTheEventThatCame() {
        assertThat(emission("[{id: a, uses: transform, publish: true, with: {data: {type: x}}}]"))
                .isEqualTo(new Emission("r", Set.of(), true, false));
        assertThat(emission("[{id: a, uses: filter, publish: true, with: {expression: data.ok, type: x}}]"))
                .isEqualTo(new Emission("r", Set.of(), true, false));
    }

    @Test
    void theEventMayComeFromAStepBefore() {
        assertThat(emission("""
                        [{id: a, uses: transform, with: {type: x}},
                         {id: b, needs: [a], from: a, uses: filter, publish: true, with: {expression: data.ok}}]
                        """)).isEqualTo(new Emission("r", Set.of("x"), false, false));
    }

    @Test
    void anActionThatEmitsNothingHandsOnTheEventThatCame() {
        assertThat(emission("""
                        [{id: a, uses: send},
                         {id: b, needs: [a], from: a, uses: filter, publish: true, with: {expression: data.ok}}]
                        """)).isEqualTo(new Emission("r", Set.of(), true, true));
    }

    @Test
    void aTypeThatIsComputedIsNotKnown() {
        assertThat(emission("[{id: a, uses: transform, publish: true, with: {type: '{{ event.data.type }}'}}]"))
                .isEqualTo(new Emission("r", Set.of(), false, true));
        assertThat(emission("[{id: a, uses: transform, publish: true, with: {type: x, data: '{{ event.data }}'}}]"))
                .isEqualTo(new Emission("r", Set.of("x"), false, false));
    }

    @Test
    void whatAnActionOrAnotherTransformerEmitsIsNotKnown() {
        assertThat(emission("[{id: a, uses: send, with: {type: x}}]"))
                .isEqualTo(new Emission("r", Set.of(), false, true));
        assertThat(emission("[{id: a, uses: split, publish: true, with: {type: x}}]"))
                .isEqualTo(new Emission("r", Set.of("x"), false, true));
        assertThat(emission("[{id: a, uses: not.there}]")).isEqualTo(new Emission("r", Set.of(), false, true));
        assertThat(emission("[{id: a, agent: nobody}]")).isEqualTo(new Emission("r", Set.of(), false, true));
    }

    @Test
    void theTypeMayStandInTheAgent() {
        assertThat(emission("[{id: a, agent: summary, publish: true}]"))
                .isEqualTo(new Emission("r", Set.of("summary"), false, false));
        assertThat(emission("[{id: a, agent: summary, publish: true, with: {type: other}}]"))
                .isEqualTo(new Emission("r", Set.of("other"), false, false));
    }

    private static Emission emission(String steps) {
        RecipeEmissions emissions = new RecipeEmissions(
                name -> name.equals("summary") ? Optional.of(agent()) : Optional.empty(),
                ref -> Optional.ofNullable(KINDS.get(ref.type())));
        var problems = new ArrayList<io.helix.api.Problem>();
        RecipeDefinition recipe = RecipeDefinition.parse(
                "home", "r", 0, draft("Recipe", "{steps: " + steps + "}").spec(), new PathExpressions(), problems);
        assertThat(problems).isEmpty();
        return emissions.of(recipe);
    }

    private static AgentDefinition agent() {
        return AgentDefinition.parse(
                "home",
                "summary",
                draft("Agent", "{type: transform@1, config: {type: summary}}").spec(),
                new ArrayList<>());
    }

    private static Draft draft(String kind, String spec) {
        Draft draft = DocumentReader.read(
                        "home", "{apiVersion: helix/v1, kind: " + kind + ", metadata: {name: a}, spec: " + spec + "}")
                .getFirst();
        assertThat(draft.key())
                .isEqualTo(new DocumentKey("home", Kind.valueOf(kind.toUpperCase(java.util.Locale.ROOT)), "a"));
        return draft;
    }
}
