package io.helix.drools.situation;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.situation.Hit;
import io.helix.api.situation.Match;
import io.helix.api.situation.SituationEngine.Limits;
import io.helix.api.situation.SituationSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is found, in virtual time; see {@link Written} for the notation. A time alone moves the clock. */
class ScenarioTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            name                         | situation                  | events           | matches
            one after the other          | sequence a b within 10     | 1a 3b            | 3:1a,3b
            in the wrong order           | sequence a b within 10     | 1b 3a            |
            just in time                 | sequence a b within 10     | 1a 10.999b       | 10.999:1a,10.999b
            exactly too late             | sequence a b within 10     | 1a 11b           |
            """)
    void finds(String name, String situation, String events, String matches) {
        assertThat(oneByOne(situation, events)).isEqualTo(matches == null ? "" : matches);
    }

    private static String oneByOne(String situation, String events) {
        try (SituationSession session = new DroolsSituationEngine().open(1, Limits.DEFAULT)) {
            session.put(Written.RULE, Written.situation(situation), java.time.Duration.ZERO, match -> true);
            List<Match> matches = new ArrayList<>();
            long order = 0;
            for (String event : events.split(" +")) {
                boolean clock = event.matches("[0-9.]+");
                List<Hit> hits = clock ? List.of() : Written.event(event, order++);
                Instant until = clock ? Written.time(event) : hits.get(0).time();
                matches.addAll(session.offer(hits, until).matches());
            }
            return Written.text(matches);
        }
    }
}
