package io.helix.drools.situation;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.situation.Hit;
import io.helix.api.situation.Match;
import io.helix.api.situation.SituationEngine.Limits;
import io.helix.api.situation.SituationSession;
import io.helix.api.situation.SituationSession.Outcome;
import io.helix.drools.situation.RandomRules.Call;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The session against {@link Reference}. Each rule with its hits is a scenario; there are over 20,000. */
class ReferenceTest {
    private static final int RULES = 1_000;
    private static final int CALLS = 12;

    private final Map<String, Reference> references = new HashMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void findsTheSameInOrder(long seed) {
        assertAgreement(new RandomRules(seed, RULES, false));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void findsTheSameWhenHitsComeLate(long seed) {
        assertAgreement(new RandomRules(seed, RULES, true));
    }

    private void assertAgreement(RandomRules rules) {
        try (SituationSession session = new DroolsSession(1, Limits.DEFAULT)) {
            rules.rules().forEach((name, rule) -> {
                session.put(name, rule.situation(), rule.delay(), rule.filter());
                references.put(name, new Reference(rule.situation(), rule.delay(), rule.filter()));
            });
            int matches = 0;
            Instant clock = Instant.EPOCH;
            for (int i = 0; i < CALLS; i++) {
                Call call = rules.call();
                Optional<Instant> deadline = session.nextDeadline();
                Outcome outcome = session.offer(call.hits(), call.until());
                assertThat(outcome.faults()).isEmpty();
                assertSame(rules, expected(call, clock), outcome.matches());
                if (call.hits().isEmpty() && !outcome.matches().isEmpty()) {
                    assertThat(deadline).hasValueSatisfying(at -> assertThat(at).isBeforeOrEqualTo(call.until()));
                }
                matches += outcome.matches().size();
                clock = call.until();
            }
            assertThat(matches).isGreaterThan(RULES);
        }
    }

    private static void assertSame(RandomRules rules, List<Match> expected, List<Match> found) {
        Map<String, List<Match>> byRule = new HashMap<>();
        expected.forEach(match ->
                byRule.computeIfAbsent(match.rule(), r -> new ArrayList<>()).add(match));
        Map<String, List<Match>> foundByRule = new HashMap<>();
        found.forEach(match -> foundByRule
                .computeIfAbsent(match.rule(), r -> new ArrayList<>())
                .add(match));
        rules.rules()
                .forEach((name, rule) -> assertThat(foundByRule.getOrDefault(name, List.of()))
                        .as("%s %s", name, rule)
                        .isEqualTo(byRule.getOrDefault(name, List.of())));
        assertThat(found).isEqualTo(expected);
    }

    private List<Match> expected(Call call, Instant before) {
        Map<String, List<Hit>> hits = new HashMap<>();
        Map<String, List<Instant>> clocks = new HashMap<>();
        Instant clock = before;
        for (Hit hit : call.hits()) {
            clock = hit.time().isAfter(clock) ? hit.time() : clock;
            hits.computeIfAbsent(hit.rule(), r -> new ArrayList<>()).add(hit);
            clocks.computeIfAbsent(hit.rule(), r -> new ArrayList<>()).add(clock);
        }
        List<Match> matches = new ArrayList<>();
        references.forEach((name, reference) -> matches.addAll(reference.offer(
                hits.getOrDefault(name, List.of()), clocks.getOrDefault(name, List.of()), call.until())));
        matches.sort(Matches.BY_COMPLETION);
        return matches;
    }
}
