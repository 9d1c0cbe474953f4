package io.helix.drools.situation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.situation.Hit;
import io.helix.api.situation.Match;
import io.helix.api.situation.Situation;
import io.helix.api.situation.SituationEngine.Limits;
import io.helix.api.situation.SituationSession.Fault;
import io.helix.api.situation.SituationSession.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that come, change, and go; see {@link Written} for the notation. */
class SessionTest {
    private static final String RULE = Written.RULE;
    private static final Predicate<Match> ALWAYS = match -> true;

    private DroolsSession session = new DroolsSession(1, new Limits(100, 20));
    private final List<Fault> faults = new ArrayList<>();
    private long order;

    @AfterEach
    void close() {
        session.close();
    }

    // Changes

    @Test
    void aChangedRuleKeepsItsHits() {
        put("sequence a b within 10");
        offer("1a");
        put("sequence a b within 20");
        assertThat(offer("15b")).isEqualTo("15:1a,15b");
    }

    @Test
    void aShorterTimeHoldsForOldHitsToo() {
        put("sequence a b within 10");
        offer("1a");
        put("sequence a b within 2");
        assertThat(offer("5b")).isEmpty();
    }

    @Test
    void hitsOfAliasesThatAreGoneAreForgotten() {
        put("all a b c within 10");
        offer("1a", "2b");
        put("all b c within 10");
        assertThat(session.retained()).extracting(Hit::alias).containsExactly("b");
        assertThat(offer("3c")).isEqualTo("3:2b,3c");
    }

    @Test
    void aRuleOfAnotherKindBeginsAnew() {
        put("sequence a b within 10");
        offer("1a");
        put("all a b within 10");
        assertThat(session.retainedCount()).isZero();
        assertThat(offer("2b")).isEmpty();
    }

    @Test
    void whatOldHitsMakeUnderAChangedRuleIsNotFound() {
        put("all a b c within 10");
        offer("1a", "2b");
        put("all a b within 10");
        assertThat(offer("3")).isEmpty();
        assertThat(offer("4a", "5b")).isEqualTo("5:4a,5b");
    }

    @Test
    void aDeadlineMovesWithTheRule() {
        put("sequence a !b<10");
        offer("1a");
        put("sequence a !b<20");
        assertThat(offer("20.999")).isEmpty();
        assertThat(offer("21")).isEqualTo("21:1a");
    }

    @Test
    void aDeadlineThatHasPassedUnderAChangedRuleMakesNoMatch() {
        put("sequence a !b<10");
        offer("1a", "6");
        put("sequence a !b<3");
        assertThat(offer("30")).isEmpty();
    }

    @Test
    void anotherThresholdCountsTheHitsThatAreThere() {
        put("COUNT a >= 5 sliding 10");
        offer("1a", "2a");
        put("COUNT a >= 3 sliding 10");
        assertThat(offer("3a")).isEqualTo("3:3a=3");
    }

    @Test
    void anotherFilterHoldsForDeadlinesToCome() {
        put("sequence a !b<10", match -> false);
        offer("1a");
        put("sequence a !b<10", ALWAYS);
        assertThat(offer("11")).isEqualTo("11:1a");
    }

    @Test
    void anotherDelayMovesDeadlines() {
        put("sequence a !b<10");
        offer("1a");
        session.put(RULE, Written.situation("sequence a !b<10"), Duration.ofSeconds(5), ALWAYS);
        assertThat(session.nextDeadline()).contains(Written.time("16"));
        assertThat(offer("15.999")).isEmpty();
        session.put(RULE, Written.situation("sequence a !b<10"), Duration.ofSeconds(1), ALWAYS);
        assertThat(offer("16")).isEqualTo("11:1a");
    }

    @Test
    void aDelayMakesASequenceWaitForWhatIsAbsent() {
        put("sequence a !b c within 9");
        offer("1a");
        session.put(RULE, Written.situation("sequence a !b c within 9"), Duration.ofSeconds(5), ALWAYS);
        assertThat(offer("3c", "8")).isEmpty();
        assertThat(offer("8.001")).isEqualTo("3:1a,3c");
    }

    @Test
    void aRemovedRuleHasNoHitsAndNoDeadline() {
        put("sequence a !b<10");
        offer("1a");
        session.remove(RULE);
        assertThat(session.retainedCount()).isZero();
        assertThat(session.factCount()).isZero();
        assertThat(session.nextDeadline()).isEmpty();
        assertThat(offer("11")).isEmpty();
        put("sequence a !b<10");
        assertThat(offer("30")).isEmpty();
    }

    @Test
    void hitsOfRulesAndAliasesThatAreNotThereAreIgnored() {
        put("sequence a b within 10");
        assertThat(offer("1c")).isEmpty();
        session.remove(RULE);
        assertThat(offer("2a")).isEmpty();
        assertThat(session.retainedCount()).isZero();
    }

    // Filters

    @Test
    void theFilterLeavesHitsWhereTheyAre() {
        put("sequence a b within 10", match -> Objects.equals(match.last().event(), "3b"));
        assertThat(offer("1a", "2b", "3b")).isEqualTo("3:1a,3b");
    }

    @Test
    void theFilterMayTakeAYoungerHit() {
        put(
                "sequence a b within 10",
                match -> match.hits().values().stream().anyMatch(hit -> Objects.equals(hit.event(), "2a")));
        assertThat(offer("1a", "2a", "3b")).isEqualTo("3:2a,3b");
    }

    @Test
    void theFilterIsAskedOnceForEachCombination() {
        List<Match> asked = new ArrayList<>();
        put("sequence a b !c<5 within 10", match -> !asked.add(match));
        offer("1a", "2a", "3b", "8", "9", "20");
        assertThat(asked).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void theFilterMayPassOneOfTheNextHitsOfAWindow() {
        put("COUNT a >= 2 tumbling 10", match -> measured(match).count() == 4);
        assertThat(offer("1a", "2a", "3a", "4a", "5a")).isEqualTo("4:4a=4");
    }

    @Test
    void theMeasureOfASlidingWindowIsTold() {
        put("SUM a >= 3 sliding 10");
        offer("1a=1");
        Match match = session.offer(event("9a=2"), Written.time("9")).matches().get(0);
        assertThat(measured(match).count()).isEqualTo(2);
        assertThat(measured(match).from()).isEqualTo(Instant.EPOCH.minusSeconds(1));
        assertThat(measured(match).to()).isEqualTo(Written.time("9"));
    }

    @Test
    void theMeasureOfATumblingWindowIsTold() {
        put("SUM a >= 3 tumbling 10");
        Match match =
                session.offer(event("19a=3"), Written.time("19")).matches().get(0);
        assertThat(measured(match).from()).isEqualTo(Written.time("10"));
        assertThat(measured(match).to()).isEqualTo(Written.time("20"));
    }

    private static Match.Measured measured(Match match) {
        return Objects.requireNonNull(match.aggregate());
    }

    // Faults

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sequence a b within 10",
                "all a b within 10",
                "any b",
                "COUNT b >= 1 sliding 5",
                "COUNT b >= 1 ending 5"
            })
    void aFilterThatThrowsIsAFaultAndLeavesOthers(String situation) {
        put(situation, match -> {
            throw new IllegalStateException("broken");
        });
        session.put("other", Written.situation("any a"), Duration.ZERO, ALWAYS);
        offer("1a", "2b", "10");
        assertThat(faults)
                .containsExactly(new Fault(RULE, "its filter failed: java.lang.IllegalStateException: broken"));
        assertThat(session.retained(RULE)).isEmpty();
        assertThat(session.offer(List.of(hit("other", "11a")), Written.time("11"))
                        .matches())
                .hasSize(1);
    }

    @Test
    void aRuleThatWasGivenUpFindsNothingUntilItIsPutAgain() {
        put("any a", match -> {
            throw new IllegalStateException("broken");
        });
        offer("1a");
        assertThat(offer("2a")).isEmpty();
        assertThat(faults).hasSize(1);
        put("any a");
        assertThat(offer("3a")).isEqualTo("3:3a");
    }

    @Test
    void aFaultStopsOneKeyAtOnceAndTheRuleAfterwards() {
        put("any a", match -> {
            if (match.key().equals("x")) {
                throw new IllegalStateException("broken");
            }
            return true;
        });
        List<Hit> hits = new ArrayList<>();
        List.of("1a/x", "2a/x", "3a/y").forEach(text -> hits.addAll(event(text)));
        Outcome outcome = session.offer(hits, Written.time("3"));
        assertThat(Written.text(outcome.matches())).isEqualTo("3:3a/y");
        assertThat(outcome.faults()).hasSize(1);
        assertThat(offer("4a/y")).isEmpty();
    }

    @Test
    void tooManyCandidatesOfAHitAreAFault() {
        put("sequence a b within 100");
        for (int i = 1; i <= 21; i++) {
            offer(i + "a");
        }
        assertThat(offer("30b")).isEmpty();
        assertThat(faults).containsExactly(new Fault(RULE, "a hit makes more than 20 candidates"));
        assertThat(session.factCount()).isZero();
    }

    @Test
    void asManyCandidatesAsAllowedAreNone() {
        put("sequence a b within 100");
        for (int i = 1; i <= 20; i++) {
            offer(i + "a");
        }
        assertThat(offer("30b")).isEqualTo("30:1a,30b");
    }

    @ParameterizedTest
    @CsvSource({"100,false", "101,true"})
    void tooManyHitsOfARuleAreAFault(int hits, boolean fault) {
        put("sequence a b within 1000");
        for (int i = 1; i <= hits; i++) {
            offer(i + "a/k" + i % 7);
        }
        assertThat(faults.isEmpty()).isEqualTo(!fault);
        assertThat(session.retainedCount()).isEqualTo(fault ? 0 : hits);
    }

    @Test
    void aFaultOfOldHitsUnderAChangedRuleIsToldWithTheNextOutcome() {
        put("all a b c within 10");
        offer("1a", "2b");
        put("all a b within 10", match -> {
            throw new IllegalStateException("broken");
        });
        assertThat(session.offer(List.of(), Written.time("3")).faults()).hasSize(1);
    }

    // Memory

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sequence a b within 10      | 1a         | 11   | it is too late for a second step
            sequence a b within 10      | 1b         | 1.01 | nothing can come before it any more
            sequence a b within 10      | 1a 2b      | 2    | they are used up
            sequence a !b<10            | 1a 2b      | 2.01 | what was awaited has come
            sequence a !b<10            | 1a         | 11   | its deadline has passed
            sequence a !b c within 9    | 1a 2b      | 11   | it is blocked, and too old
            sequence !b<5 a c within 9  | 1b 2a      | 6    | it is spoilt
            all a b within 10           | 1a         | 11   | it is too late for the other
            any a                       | 1a         | 1    | it is used up
            COUNT a > 9 sliding 10      | 1a 2a      | 12   | they have left the window
            COUNT a > 9 tumbling 10     | 1a 2a      | 10   | the window has ended
            COUNT a > 9 ending 10       | 1a 2a      | 10   | the window has ended
            """)
    void freesHits(String situation, String events, String time, String because) {
        put(situation);
        offer(events.split(" "));
        offer(time);
        assertThat(session.retainedCount()).as(because).isZero();
        assertThat(session.factCount()).as(because).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sequence a b within 10     | 1a            | 3b       | 3:1a,3b
            sequence a !b<10           | 1a            | 11       | 11:1a
            sequence a !b<10           | 1a 2b         | 11       |
            sequence a b !c<5 within 9 | 1a 2a 3b      | 4b 20    | 8:1a,3b 9:2a,4b
            sequence !b<5 a c within 9 | 1b 2a 7.5d    | 8c       |
            sequence a !b c within 9   | 1a 2b         | 3c 4a 5c | 5:4a,5c
            all a b c within 10        | 1a 2a 3b      | 4c       | 4:1a,3b,4c
            COUNT a >= 3 sliding 10    | 1a 2a 3a      | 4a       |
            COUNT a >= 3 sliding 10    | 1a 2a         | 3a       | 3:3a=3
            SUM a >= 3 tumbling 10     | 1a=3 2a=1     | 3a=1     |
            DISTINCT a >= 2 ending 10  | 1a=x 2a=y     | 10       | 10:2a=2
            """)
    void goesOnInARestoredSession(String situation, String before, String after, String matches) {
        put(situation);
        offer(before.split(" "));
        List<Hit> retained = session.retained();
        Instant clock = time(before.substring(before.lastIndexOf(' ') + 1));
        session.close();
        session = new DroolsSession(1, Limits.DEFAULT);
        put(situation);
        session.offer(retained, clock);
        assertThat(offer(after.split(" "))).isEqualTo(matches == null ? "" : matches);
    }

    @Test
    void retainedHitsAreInTheOrderInWhichTheyCame() {
        session.put(RULE, Written.situation("all a b within 10"), Duration.ofSeconds(5), ALWAYS);
        session.put("other", Written.situation("all a b within 10"), Duration.ZERO, ALWAYS);
        session.offer(List.of(hit(RULE, "4a"), hit("other", "4b"), hit(RULE, "3a")), Written.time("4"));
        assertThat(session.retained()).extracting(Hit::event).containsExactly("4a", "4b", "3a");
        assertThat(session.retained(RULE)).extracting(Hit::event).containsExactly("3a", "4a");
        assertThat(session.retained("unknown")).isEmpty();
    }

    // Deadlines

    @Test
    void theNextDeadlineIsTheFirstThatCouldMakeAMatch() {
        put("sequence a !b<10");
        session.put("window", Written.situation("COUNT a > 5 ending 8"), Duration.ofSeconds(1), ALWAYS);
        session.put("expiry", Written.situation("sequence a b within 2"), Duration.ZERO, ALWAYS);
        assertThat(session.nextDeadline()).isEmpty();
        List<Hit> hits = List.of(hit("expiry", "1a"), hit(RULE, "1a"), hit("window", "1a"));
        session.offer(hits, Written.time("1"));
        assertThat(session.nextDeadline()).contains(Written.time("9"));
        offer("9");
        assertThat(session.nextDeadline()).contains(Written.time("11"));
        offer("10b");
        assertThat(session.nextDeadline()).isEmpty();
    }

    // Misuse

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sequence !a !b within 5",
                "sequence a b",
                "sequence a !b",
                "sequence !b a",
                "sequence a a within 5",
                "sequence a b<0 within 5",
                "all a b within 0",
                "COUNT a > 1 sliding 0"
            })
    void refusesWhatHasNoBoundsOrNoSense(String situation) {
        Situation wrong = Written.situation(situation);
        assertThatThrownBy(() -> session.put(RULE, wrong, Duration.ZERO, ALWAYS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theClockDoesNotGoBack() {
        offer("5");
        assertThatThrownBy(() -> offer("4")).isInstanceOf(IllegalArgumentException.class);
        List<Hit> future = event("7a");
        assertThatThrownBy(() -> session.offer(future, Written.time("6"))).isInstanceOf(IllegalArgumentException.class);
    }

    private void put(String situation) {
        put(situation, ALWAYS);
    }

    private void put(String situation, Predicate<Match> filter) {
        session.put(RULE, Written.situation(situation), Duration.ZERO, filter);
    }

    /** One after the other; a time alone moves the clock. */
    private String offer(String... events) {
        List<Match> matches = new ArrayList<>();
        for (String text : events) {
            Outcome outcome = session.offer(text.matches("[0-9.]+") ? List.of() : event(text), time(text));
            matches.addAll(outcome.matches());
            faults.addAll(outcome.faults());
        }
        return Written.text(matches);
    }

    private static Instant time(String event) {
        return Written.time(event.replaceAll("[a-z/=&].*", ""));
    }

    private List<Hit> event(String text) {
        return Written.event(text, order++);
    }

    private Hit hit(String rule, String text) {
        Hit hit = event(text).get(0);
        return new Hit(rule, hit.alias(), hit.key(), hit.time(), hit.order(), hit.value(), text);
    }
}
