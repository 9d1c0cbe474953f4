package io.helix.runtime.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.event.Event;
import io.helix.api.rule.Condition;
import io.helix.api.rule.Pattern;
import io.helix.sdk.testing.rule.PlainPatterns;
import io.helix.sdk.testing.rule.RandomPatterns;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What lint claims of patterns, against many patterns and events at random. */
class LintLawsTest {
    private static final int PATTERNS = 20_000;

    private final RandomPatterns random = new RandomPatterns(20261126);
    private final List<Event> events = Stream.generate(random::event).limit(300).toList();
    private final List<Event> withoutLists =
            events.stream().filter(event -> !hasList(event.data())).toList();

    @Test
    void noEventMatchesWhatIsSaidToMatchNone() {
        int found = 0;
        for (int i = 0; i < PATTERNS; i++) {
            Condition pattern = random.pattern().root();
            Optional<String> reason = Contradictions.in(pattern);
            found += reason.isPresent() ? 1 : 0;
            assertThat(reason.isPresent() ? matching(pattern, events) : List.of())
                    .as("%s, since %s", pattern, reason)
                    .isEmpty();
        }
        assertThat(found).isGreaterThan(2_000);
    }

    @Test
    void noEventWithoutListsMatchesWhatIsSaidToNeedOne() {
        assertThat(withoutLists).hasSizeGreaterThan(50);
        int found = 0;
        for (int i = 0; i < PATTERNS; i++) {
            Condition pattern = together(random.pattern(), random.pattern());
            Optional<String> reason = Contradictions.withoutLists(pattern);
            found += reason.isPresent() && Contradictions.in(pattern).isEmpty() ? 1 : 0;
            assertThat(reason.isPresent() ? matching(pattern, withoutLists) : List.of())
                    .as("%s, since %s", pattern, reason)
                    .isEmpty();
        }
        assertThat(found).isGreaterThan(200);
    }

    @Test
    void everyEventOfANarrowPatternMatchesTheWideOne() {
        int found = 0;
        List<Pattern> patterns = Stream.generate(random::pattern).limit(2_000).toList();
        for (int i = 0; i < 300_000; i++) {
            Condition narrow = random.one(patterns).root();
            Condition wide = random.one(patterns).root();
            if (Implication.holds(narrow, wide) && Contradictions.in(narrow).isEmpty()) {
                found += 1;
                assertThat(matching(narrow, events.subList(0, 100)))
                        .as("%s is wider than %s", wide, narrow)
                        .allMatch(event -> PlainPatterns.matches(wide, event));
            }
        }
        assertThat(found).isGreaterThan(1_000);
    }

    @Test
    void patternsWithOneCanonicalTextMatchTheSame() {
        for (int i = 0; i < 1_000; i++) {
            Condition a = random.pattern().root();
            Condition b = random.pattern().root();
            Condition one = new Condition.AllOf(List.of(a, new Condition.AllOf(List.of(b, a))));
            Condition other = new Condition.AllOf(List.of(b, a));
            assertThat(PatternText.canonical(one)).isEqualTo(PatternText.canonical(other));
            assertThat(matching(one, events)).isEqualTo(matching(other, events));
        }
    }

    private static Condition together(Pattern a, Pattern b) {
        return new Condition.AllOf(List.of(a.root(), b.root()));
    }

    private static List<Event> matching(Condition pattern, List<Event> events) {
        return events.stream()
                .filter(event -> PlainPatterns.matches(pattern, event))
                .toList();
    }

    private static boolean hasList(JsonNode node) {
        return node.isArray() || node.valueStream().anyMatch(LintLawsTest::hasList);
    }
}
