package io.helix.drools.situation;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.situation.Hit;
import io.helix.api.situation.Match;
import io.helix.api.situation.SituationEngine.Limits;
import io.helix.api.situation.SituationSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is found, in virtual time; see {@link Written} for the notation. A time alone moves the clock. */
class ScenarioTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = false, textBlock = """
            one after the other             | sequence a b within 10     | 1a 3b               | 3:1a,3b
            in the wrong order              | sequence a b within 10     | 1b 3a               |
            just in time                    | sequence a b within 10     | 1a 10.999b          | 10.999:1a,10.999b
            exactly too late                | sequence a b within 10     | 1a 11b              |
            at the same time, in order      | sequence a b within 10     | 1a 1b               | 1:1a,1b
            at the same time, not in order  | sequence a b within 10     | 1b 1a               |
            one event in both roles         | sequence a b within 10     | 1a&1b               |
            an event in both roles, twice   | sequence a b within 10     | 1a&1b 2a&2b         | 2:1a,2b
            a chain of events in both roles | sequence a b within 10     | 1a&1b 2a&2b 3a&3b   | 2:1a,2b 3:2a,3b
            other keys                      | sequence a b within 10     | 1a/x 2b/y           |
            keys between each other         | sequence a b within 10     | 1a/x 2a/y 3b/x 4b/y | 3:1a/x,3b/x 4:2a/y,4b/y
            two openings, one closing       | sequence a b within 10     | 1a 2a 3b            | 3:1a,3b
            two openings, two closings      | sequence a b within 10     | 1a 2a 3b 4b         | 3:1a,3b 4:2a,4b
            one opening, two closings       | sequence a b within 10     | 1a 3b 4b            | 3:1a,3b
            closing before opening          | sequence a b within 10     | 1b 2a 3b            | 3:2a,3b
            the oldest opening is too old   | sequence a b within 10     | 1a 5a 11b           | 11:5a,11b
            three steps                     | sequence a b c within 10   | 1a 2b 3c            | 3:1a,2b,3c
            three steps, the oldest first   | sequence a b c within 10   | 1a 2a 3b 4b 5c      | 5:1a,3b,5c
            the whole is too long           | sequence a b c within 10   | 1a 8b 11c           |
            steps with their own times      | sequence a b<5 c<5         | 1a 5b 9c            | 9:1a,5b,9c
            a step takes too long           | sequence a b<5 c<5         | 1a 6b 9c            |
            step and whole, the step fails  | sequence a b<2 c within 10 | 1a 3b 4c            |
            a longer way round              | sequence a b<5 c<5         | 1a 4b 5a 6b 9.5c    | 9.5:5a,6b,9.5c
            fraction of a second            | sequence a b within 0.5    | 1a 1.499b 2a 2.5b   | 1.499:1a,1.499b
            absent last, nothing comes      | sequence a !b<10           | 1a 11               | 11:1a
            absent last, not yet            | sequence a !b<10           | 1a 10.999           |
            absent last, it comes           | sequence a !b<10           | 1a 10.999b 11       |
            absent last, comes at the end   | sequence a !b<10           | 1a 11b              | 11:1a
            absent last, came before        | sequence a !b<10           | 1b 2a 12            | 12:2a
            absent last, same event         | sequence a !b<10           | 1a&1b 11            | 11:1a
            absent last, same time, later   | sequence a !b<10           | 1a 1b 11            |
            absent last, one stops two      | sequence a !b<10           | 1a 2a 3b 20         |
            absent last, some are stopped   | sequence a !b<10           | 1a 3b 4a 20         | 14:4a
            absent last, other key          | sequence a !b<10           | 1a/x 2b/y 11        | 11:1a/x
            absent last, bounded by whole   | sequence a !b within 10    | 1a 11               | 11:1a
            deadlines in one jump           | sequence a !b<10           | 1a 2a 3a 60         | 11:1a 12:2a 13:3a
            deadlines on the way of hits    | sequence a !b<10           | 1a 2a 12a 13b 30    | 11:1a 12:2a
            deadlines at one time           | sequence a !b<10           | 1a 1a/x 11          | 11:1a 11:1a/x
            absent last of three            | sequence a b !c<5 within 9 | 1a 3b 8             | 8:1a,3b
            absent last of three, stopped   | sequence a b !c<5 within 9 | 1a 3b 7c 8          |
            absent last, the first is used  | sequence a b !c<5 within 9 | 1a 3b 4b 20         | 8:1a,3b
            absent last, both are used      | sequence a b !c<5 within 9 | 1a 2a 3b 4b 20      | 8:1a,3b 9:2a,4b
            absent last, one way is open    | sequence a b !c<5 within 9 | 1a 3b 4c 5b 20      | 10:1a,5b
            two absent last                 | sequence a !b<3 !c<5       | 1a 6                | 6:1a
            two absent last, the short came | sequence a !b<3 !c<5       | 1a 2b 6             |
            two absent last, too late       | sequence a !b<3 !c<5       | 1a 4b 6             | 6:1a
            absent first, nothing was there | sequence !b<5 a            | 1a                  | 1:1a
            absent first, it was there      | sequence !b<5 a            | 1b 5.999a           |
            absent first, just long ago     | sequence !b<5 a            | 1b 6a               | 6:6a
            absent first, same event        | sequence !b<5 a            | 1b&1a               | 1:1a
            absent first, comes afterwards  | sequence !b<5 a c within 9 | 1a 2b 3c            | 3:1a,3c
            absent first of three, stopped  | sequence !b<5 a c within 9 | 1b 2a 3c            |
            absent first, the second is free| sequence !b<5 a c within 9 | 1b 2a 7a 8c         | 8:7a,8c
            absent first, spoilt for long   | sequence !b<1 a c within 9 | 1b 1.5a 9c          |
            absent between                  | sequence a !b c within 9   | 1a 2c               | 2:1a,2c
            absent between, it comes        | sequence a !b c within 9   | 1a 2b 3c            |
            absent between, came before     | sequence a !b c within 9   | 1b 2a 3c            | 3:2a,3c
            absent between, new beginning   | sequence a !b c within 9   | 1a 2b 3a 4c         | 4:3a,4c
            absent between, with the last   | sequence a !b c within 9   | 1a 2b&2c            | 2:1a,2c
            absent between, with the first  | sequence a !b c within 9   | 1a&1b 2c            | 2:1a,2c
            absent everywhere               | sequence !d<5 a !b c !e<5 within 9 | 6a 7c 12    | 12:6a,7c
            absent everywhere, first comes  | sequence !d<5 a !b c !e<5 within 9 | 2d 6a 7c 12 |
            absent everywhere, middle comes | sequence !d<5 a !b c !e<5 within 9 | 6a 6.5b 7c 12 |
            absent everywhere, last comes   | sequence !d<5 a !b c !e<5 within 9 | 6a 7c 11e 12 |
            two absent between              | sequence a !b !c d within 9 | 1a 2c 3d 4a 5d     | 5:4a,5d
            all in order                    | all a b within 10          | 1a 2b               | 2:1a,2b
            all in any order                | all a b within 10          | 1b 2a               | 2:2a,1b
            all, exactly too late           | all a b within 10          | 1a 11b              |
            all, one event in both roles    | all a b within 10          | 1a&1b               |
            all, two events in both roles   | all a b within 10          | 1a&1b 2a&2b         | 2:2a,1b 2:1a,2b
            all, pairwise                   | all a b c within 5         | 1a 4b 6c            |
            all three                       | all a b c within 5         | 1c 4b 5.5a          | 5.5:5.5a,4b,1c
            all, the oldest first           | all a b within 10          | 1a 2a 3b 4b         | 3:1a,3b 4:2a,4b
            all, other key                  | all a b within 10          | 1a/x 2b             |
            any                             | any a b                    | 1a 2b 3a            | 1:1a 2:2b 3:3a
            any, one event in both roles    | any a b                    | 1a&1b               | 1:1a 1:1b
            a count in a sliding window     | COUNT a >= 3 sliding 10    | 1a 2a 3a            | 3:3a=3
            the oldest has just left        | COUNT a >= 3 sliding 10    | 1a 2a 11a           |
            the oldest is just in           | COUNT a >= 3 sliding 10    | 1a 2a 10.999a       | 10.999:10.999a=3
            over the threshold only once    | COUNT a >= 3 sliding 10    | 1a 2a 3a 4a 5a      | 3:3a=3
            once more after it was below    | COUNT a >= 3 sliding 10    | 1a 2a 3a 12a 12.5a  | 3:3a=3 12.5:12.5a=3
            again and again on the edge     | COUNT a >= 3 sliding 10    | 1a 2a 3a 11a 12a    | 3:3a=3 11:11a=3 12:12a=3
            leaving makes no match          | COUNT a = 2 sliding 10     | 1a 2a 3a 11         | 2:2a=2
            counts of each key              | COUNT a >= 2 sliding 10    | 1a/x 2a/y 3a/x      | 3:3a/x=2
            a sum of decimals               | SUM a >= 0.3 sliding 10    | 1a=0.1 2a=0.2       | 2:2a=0.3
            a sum of decimals after a loss  | SUM a = 0.3 sliding 10     | 1a=0.1 5a=0.1 11a=0.2 | 11:11a=0.3
            a negative value                | SUM a <= -1 sliding 10     | 1a=3 2a=-4          | 2:2a=-1
            an average                      | AVG a > 2 sliding 10       | 1a=1 2a=4           | 2:2a=2.5
            a long average                  | AVG a < 1 sliding 10       | 1a=1 2a=1 3a=0      | 3:3a=0.6666666666666666666666666666666667
            the least                       | MIN a < 5 sliding 10       | 1a=7 2a=4 3a=3      | 2:2a=4
            the least again after a loss    | MIN a < 5 sliding 10       | 1a=4 2a=7 12a=3     | 1:1a=4 12:12a=3
            the largest                     | MAX a >= 9 sliding 10      | 1a=9 2a=9 11.5a=9   | 1:1a=9
            the largest after a loss        | MAX a <= 3 sliding 10      | 1a=9 2a=1 11a=2     |
            the first is also the largest   | MAX a <= 3 sliding 10      | 1a=9 2a=1 13a=2     | 13:13a=2
            distinct texts                  | DISTINCT a >= 2 sliding 10 | 1a=x 2a=x 3a=y 4a=z | 3:3a=2
            distinct after a loss           | DISTINCT a = 2 sliding 10  | 1a=x 2a=y 11a=y 11.5a=x | 2:2a=2 11.5:11.5a=2
            distinct numbers                | DISTINCT a >= 2 sliding 10 | 1a=1 2a=1.0 3a=2    | 3:3a=2
            what cannot be measured         | SUM a >= 3 sliding 10      | 1a=x 2a 3a=3        | 3:3a=3
            too large to be measured        | SUM a >= 3 sliding 10      | 1a=1E999999999 3a=3 | 3:3a=3
            tumbling                        | COUNT a >= 2 tumbling 10   | 1a 9.999a           | 9.999:9.999a=2
            tumbling, over the edge         | COUNT a >= 2 tumbling 10   | 9a 10a              |
            tumbling, once a window         | COUNT a >= 2 tumbling 10   | 1a 2a 3a 11a 12a    | 2:2a=2 12:12a=2
            tumbling, each key              | COUNT a >= 2 tumbling 10   | 1a/x 2a/y 3a/x 4a/y | 3:3a/x=2 4:4a/y=2
            tumbling, a sum                 | SUM a > 5 tumbling 10      | 1a=5 2a=-1 3a=2     | 3:3a=6
            at the end                      | COUNT a >= 2 ending 10     | 1a 2a 10            | 10:2a=2
            at the end, not before          | COUNT a >= 2 ending 10     | 1a 2a 9.999         |
            at the end, before a new hit    | COUNT a >= 2 ending 10     | 1a 2a 10a           | 10:2a=2
            at the end, too few             | COUNT a >= 2 ending 10     | 1a 10 11a 20        |
            at the end, few is right        | COUNT a < 2 ending 10      | 1a 11a 12a 30       | 10:1a=1
            at the end, silence is nothing  | COUNT a < 2 ending 10      | 50                  |
            at the end, in one jump         | COUNT a < 9 ending 10      | 1a 11a/x 12a 60     | 10:1a=1 20:11a/x=1 20:12a=1
            at the end, the value then      | MAX a < 5 ending 10        | 1a=1 2a=9 11a=2 20  | 20:11a=2
            """)
    void finds(String name, String situation, String events, @Nullable String matches) {
        assertThat(oneByOne(situation, events)).isEqualTo(matches == null ? "" : matches);
        assertThat(atOnce(situation, events)).isEqualTo(matches == null ? "" : matches);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            the second comes first          | sequence a b within 10     | 3b 1a               | 3:1a,3b
            the second comes first, twice   | sequence a b within 10     | 4b 3b 1a 2a         | 3:1a,3b 4:2a,4b
            longer apart than the delay     | sequence a b within 10     | 1a 10.999b          | 10.999:1a,10.999b
            absent last waits for the late  | sequence a !b<10           | 1a 15.999           |
            absent last, nothing came late  | sequence a !b<10           | 1a 16               | 11:1a
            absent last, it came late       | sequence a !b<10           | 1a 14c 10.5b 30     |
            absent last, came too early     | sequence a !b<10           | 1a 14c 11b 30       | 11:1a
            absent between came late        | sequence a !b c within 9   | 1a 3c 2b 30         |
            absent between did not come     | sequence a !b c within 9   | 1a 3c 8.001         | 3:1a,3c
            absent between may yet come     | sequence a !b c within 9   | 1a 3c 8             |
            absent first came late          | sequence !b<5 a            | 3a 2b 30            |
            absent first did not come       | sequence !b<5 a            | 3a 30               | 3:3a
            all, late                       | all a b within 10          | 11a 2b              | 11:11a,2b
            sliding, late                   | COUNT a >= 3 sliding 10    | 1a 8a 5a            | 8:8a=3
            sliding, too late for it        | COUNT a >= 2 sliding 3     | 8a 5a               |
            tumbling, late                  | COUNT a >= 2 tumbling 10   | 8a 11a 9a           | 9:9a=2
            at the end, late                | COUNT a >= 2 ending 10     | 8a 11a 9a 15        | 10:9a=2
            at the end, the end is late     | COUNT a >= 2 ending 10     | 8a 9a 14.999        |
            """)
    void findsWithADelayOfFive(String name, String situation, String events, @Nullable String matches) {
        List<Match> found = new ArrayList<>();
        try (SituationSession session = session(situation, Duration.ofSeconds(5))) {
            Instant clock = Instant.EPOCH;
            long order = 0;
            for (String event : events.split(" +")) {
                Instant time = Written.time(event.replaceAll("[a-z]", ""));
                clock = time.isAfter(clock) ? time : clock;
                found.addAll(session.offer(hits(event, order++), clock).matches());
            }
        }
        found.sort(Matches.BY_COMPLETION);
        assertThat(Written.text(found)).isEqualTo(matches == null ? "" : matches);
    }

    private static String oneByOne(String situation, String events) {
        List<Match> matches = new ArrayList<>();
        try (SituationSession session = session(situation, Duration.ZERO)) {
            long order = 0;
            for (String event : events.split(" +")) {
                matches.addAll(session.offer(hits(event, order++), time(event)).matches());
            }
        }
        return Written.text(matches);
    }

    private static String atOnce(String situation, String events) {
        List<Hit> hits = new ArrayList<>();
        for (String event : events.split(" +")) {
            hits.addAll(hits(event, hits.size()));
        }
        try (SituationSession session = session(situation, Duration.ZERO)) {
            Instant end = time(events.substring(events.lastIndexOf(' ') + 1));
            return Written.text(session.offer(hits, end).matches());
        }
    }

    private static SituationSession session(String situation, Duration delay) {
        SituationSession session = new DroolsSession(1, Limits.DEFAULT);
        session.put(Written.RULE, Written.situation(situation), delay, match -> true);
        return session;
    }

    private static List<Hit> hits(String event, long order) {
        return event.matches("[0-9.]+") ? List.of() : Written.event(event, order);
    }

    private static Instant time(String event) {
        return event.matches("[0-9.]+")
                ? Written.time(event)
                : Written.event(event, 0).get(0).time();
    }
}
