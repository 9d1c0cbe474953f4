package io.helix.sdk.testing.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.Page;
import io.helix.api.document.Change;
import io.helix.api.document.Document;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import io.helix.api.event.EventFormat;
import io.helix.api.recipe.Run;
import io.helix.api.recipe.RunState;
import io.helix.api.recipe.StepRecord;
import io.helix.api.recipe.StepState;
import io.helix.api.store.AgentStates;
import io.helix.api.store.ApiKeys.ApiKey;
import io.helix.api.store.CipherTexts.CipherText;
import io.helix.api.store.JournalEntry;
import io.helix.api.store.Projection.AuditEntry;
import io.helix.api.store.Projection.AuditQuery;
import io.helix.api.store.Projection.EventEntry;
import io.helix.api.store.Projection.EventQuery;
import io.helix.api.store.Projection.RunQuery;
import io.helix.api.store.Store;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Store} must do. Each test has a profile of its own, so that all may share one database. */
public abstract class StoreContract {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");

    private String profile = "";

    @BeforeEach
    public void takeAProfile() {
        profile = "p-" + UUID.randomUUID();
    }

    /** The store under test; open, and the same during one test. */
    protected abstract Store store();

    // documents

    @Test
    void knowsWhenADocumentWasMade() {
        DocumentKey lasting = new DocumentKey(profile, Kind.RULE, "lasting");
        DocumentKey reborn = new DocumentKey(profile, Kind.RULE, "reborn");
        for (int day = 0; day < 3; day++) {
            documentsAt(
                    day,
                    new Change.Put(lasting, content("l" + day), null),
                    new Change.Put(reborn, content("r" + day), null));
        }
        documentsAt(3, new Change.Delete(reborn, null));
        assertThat(store().documents().births(Kind.RULE)).doesNotContainKey(reborn);

        documentsAt(4, new Change.Put(reborn, content("again"), null));
        documentsAt(5, new Change.Put(reborn, content("changed"), null));

        assertThat(store().documents().births(Kind.RULE))
                .containsEntry(lasting, NOON)
                .containsEntry(reborn, NOON.plus(Duration.ofDays(4)));
    }

    private void documentsAt(int day, Change... changes) {
        store().documents().apply(List.of(changes), "ada", NOON.plus(Duration.ofDays(day)));
    }

    @Test
    public void aNewDocumentHasRevisionOneAndIsFound() {
        DocumentKey key = rule("one");
        List<Document> put = apply(new Change.Put(key, content("a"), 0L));
        assertThat(put).containsExactly(new Document(key, 1, content("a"), "ada", NOON));
        assertThat(store().documents().find(key)).contains(put.getFirst());
        assertThat(store().documents().find(key, 1)).contains(put.getFirst());
        assertThat(store().documents().find(key, 2)).isEmpty();
        assertThat(store().documents().find(rule("other"))).isEmpty();
    }

    @Test
    public void everyChangeMakesARevisionAndKeepsTheOldOnes() {
        DocumentKey key = rule("one");
        apply(new Change.Put(key, content("a"), null));
        apply(new Change.Put(key, content("b"), 1L));
        apply(new Change.Put(key, content("c"), null));
        assertThat(store().documents().history(key, 10))
                .extracting(
                        Document::revision,
                        document -> document.content().path("spec").asText())
                .containsExactly(tuple(3L, "c"), tuple(2L, "b"), tuple(1L, "a"));
        assertThat(store().documents().history(key, 2)).hasSize(2);
        assertThat(store().documents().find(key, 2).orElseThrow().content()).isEqualTo(content("b"));
    }

    @Test
    public void aStaleRevisionIsAConflictThatSaysWhatIsThere() {
        DocumentKey key = rule("one");
        apply(new Change.Put(key, content("a"), 0L));
        apply(new Change.Put(key, content("b"), 1L));
        assertFails(ErrorKind.CONFLICT, () -> apply(new Change.Put(key, content("c"), 1L)));
        assertFails(ErrorKind.CONFLICT, () -> apply(new Change.Put(key, content("c"), 0L)));
        assertFails(ErrorKind.CONFLICT, () -> apply(new Change.Put(key, content("c"), 9L)));
        assertFails(ErrorKind.CONFLICT, () -> apply(new Change.Delete(key, 1L)));
        assertThatThrownBy(() -> apply(new Change.Put(key, content("c"), 1L)))
                .hasMessageContaining("Rule/one")
                .hasMessageContaining("1")
                .hasMessageContaining("2");
        assertThat(store().documents().find(key).orElseThrow().content()).isEqualTo(content("b"));
    }

    @Test
    public void aPutThatExpectsARevisionOfNothingIsAConflict() {
        assertFails(ErrorKind.CONFLICT, () -> apply(new Change.Put(rule("one"), content("a"), 1L)));
    }

    @Test
    public void changesAreAppliedTogetherOrNotAtAll() {
        apply(new Change.Put(rule("old"), content("a"), 0L));
        assertFails(
                ErrorKind.CONFLICT,
                () -> apply(
                        new Change.Put(rule("new"), content("a"), 0L),
                        new Change.Delete(rule("old"), null),
                        new Change.Put(rule("old"), content("b"), 7L)));
        assertThat(store().documents().find(rule("new"))).isEmpty();
        assertThat(store().documents().find(rule("old"))).isPresent();
        assertThat(apply(
                        new Change.Put(rule("new"), content("a"), 0L),
                        new Change.Put(rule("old"), content("b"), 1L),
                        new Change.Delete(rule("new"), 1L)))
                .extracting(document -> document.key().name())
                .containsExactly("new", "old");
        assertThat(store().documents().find(rule("new"))).isEmpty();
    }

    @Test
    public void aDeletedDocumentKeepsItsHistoryAndGoesOnCounting() {
        DocumentKey key = rule("one");
        apply(new Change.Put(key, content("a"), 0L));
        apply(new Change.Delete(key, 1L));
        assertThat(store().documents().find(key)).isEmpty();
        assertThat(store().documents().list(profile, Kind.RULE, null, 10)).isEmpty();
        assertThat(store().documents().find(key, 1)).isPresent();
        assertThat(store().documents().history(key, 10)).hasSize(1);
        Document again = apply(new Change.Put(key, content("b"), 0L)).getFirst();
        assertThat(again.revision()).isGreaterThan(1);
        assertThat(store().documents().find(key)).contains(again);
        assertThat(store().documents().history(key, 10))
                .extracting(Document::revision)
                .containsExactly(again.revision(), 1L);
    }

    @Test
    public void deletingWhatIsNotThereIsNotFound() {
        assertFails(ErrorKind.NOT_FOUND, () -> apply(new Change.Delete(rule("one"), null)));
        assertFails(ErrorKind.NOT_FOUND, () -> apply(new Change.Delete(rule("one"), 1L)));
        apply(new Change.Put(rule("one"), content("a"), 0L));
        apply(new Change.Delete(rule("one"), null));
        assertFails(ErrorKind.NOT_FOUND, () -> apply(new Change.Delete(rule("one"), null)));
    }

    @Test
    public void documentsAreListedByNameAPageAtATime() {
        for (String name : List.of("d", "b", "a", "c")) {
            apply(new Change.Put(rule(name), content(name), 0L));
        }
        apply(new Change.Put(new DocumentKey(profile, Kind.RECIPE, "b"), content("x"), 0L));
        assertThat(names(store().documents().list(profile, Kind.RULE, null, 3))).containsExactly("a", "b", "c");
        assertThat(names(store().documents().list(profile, Kind.RULE, "c", 3))).containsExactly("d");
        assertThat(names(store().documents().list(profile + "x", Kind.RULE, null, 3)))
                .isEmpty();
        assertThat(store().documents().all(Kind.RULE).stream()
                        .filter(document -> document.key().profile().equals(profile)))
                .hasSize(4);
    }

    @Test
    public void awkwardContentComesBackAsItWas() {
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        content.put("text", "quote ' \" \\ nul \0 emoji \uD83D\uDE00 line\n" + "x".repeat(100_000));
        content.putNull("nothing");
        content.putArray("list").add(1).add(2.5).add(true);
        apply(new Change.Put(rule("one"), content, 0L));
        assertThat(store().documents().find(rule("one")).orElseThrow().content().toString())
                .isEqualTo(content.toString());
    }

    @Test
    public void concurrentPutsAllCountAndConcurrentCreationsSucceedOnce() throws Exception {
        int threads = 8;
        List<Boolean> created =
                inParallel(threads, i -> succeeds(() -> apply(new Change.Put(rule("new"), content("" + i), 0L))));
        assertThat(created).containsOnlyOnce(true);
        List<Boolean> put =
                inParallel(threads, i -> succeeds(() -> apply(new Change.Put(rule("new"), content("" + i), null))));
        assertThat(put).containsOnly(true);
        assertThat(store().documents().find(rule("new")).orElseThrow().revision())
                .isEqualTo(threads + 1);
    }

    @Test
    public void concurrentChangesOfTheSameDocumentsInOtherOrderAllEnd() throws Exception {
        List<Boolean> put = inParallel(
                8,
                i -> succeeds(() -> apply(
                        new Change.Put(rule(i % 2 == 0 ? "a" : "b"), content("" + i), null),
                        new Change.Put(rule(i % 2 == 0 ? "b" : "a"), content("" + i), null))));
        assertThat(put).containsOnly(true);
        assertThat(store().documents().find(rule("a")).orElseThrow().revision()).isEqualTo(8);
    }

    // runs

    @Test
    public void aRunIsProjectedFromItsEntries() {
        StepRecord step = step("fetch", json("{\"status\":200}"));
        project(1, started("r1", 0), new JournalEntry.StepEnded("r1", step));
        Run running = store().projection().findRun(profile, "r1").orElseThrow();
        assertThat(running.state()).isEqualTo(RunState.RUNNING);
        assertThat(running.ended()).isNull();
        assertThat(running.error()).isEmpty();
        assertThat(running.steps()).containsExactly(step);
        project(
                4,
                new JournalEntry.StepEnded("r1", step("notify", MissingNode.getInstance())),
                ended("r1", RunState.FAILED, "no answer"));
        Run run = store().projection().findRun(profile, "r1").orElseThrow();
        assertThat(run)
                .isEqualTo(new Run(
                        "r1",
                        profile,
                        "triage",
                        3,
                        "new-issue",
                        2,
                        "e-r1",
                        "github",
                        "Rule::\"x\"",
                        List.of("p1", "p2"),
                        true,
                        RunState.FAILED,
                        NOON,
                        NOON.plusSeconds(9),
                        "no answer",
                        List.of(step, step("notify", MissingNode.getInstance()))));
        assertThat(store().projection().findRun(profile, "r2")).isEmpty();
        assertThat(store().projection().findRun(profile + "x", "r1")).isEmpty();
    }

    @Test
    public void anEndedRunNeverChanges() {
        project(1, started("r1", 0), ended("r1", RunState.SUCCEEDED, ""));
        Run before = store().projection().findRun(profile, "r1").orElseThrow();
        project(
                2,
                ended("r1", RunState.FAILED, "late"),
                new JournalEntry.StepEnded("r1", step("late", json("1"))),
                started("r1", 7));
        assertThat(store().projection().findRun(profile, "r1")).contains(before);
        project(3, started("r2", 0), ended("r2", RunState.FAILED, "first"), ended("r2", RunState.SUCCEEDED, ""));
        assertThat(store().projection().findRun(profile, "r2").orElseThrow().error())
                .isEqualTo("first");
    }

    @Test
    public void aStepIsRecordedOnce() {
        StepRecord first = step("fetch", json("1"));
        project(1, started("r1", 0), new JournalEntry.StepEnded("r1", first));
        project(2, new JournalEntry.StepEnded("r1", step("fetch", json("2"))));
        assertThat(store().projection().findRun(profile, "r1").orElseThrow().steps())
                .containsExactly(first);
    }

    @Test
    public void entriesOfUnknownRunsAreIgnored() {
        project(1, new JournalEntry.StepEnded("r1", step("a", json("1"))), ended("r1", RunState.FAILED, "x"));
        assertThat(store().projection().findRun(profile, "r1")).isEmpty();
        assertThat(store().projection().journalSequence(profile)).isEqualTo(1);
    }

    @Test
    public void aBatchThatWasProjectedIsIgnored() {
        assertThat(store().projection().journalSequence(profile)).isZero();
        project(5, started("r1", 0));
        project(5, started("r2", 0));
        project(4, started("r3", 0));
        assertThat(store().projection().journalSequence(profile)).isEqualTo(5);
        assertThat(runs(new RunQuery(null, null, null, null, null, 10)).items()).hasSize(1);
        assertThat(store().projection().journalSequence(profile + "x")).isZero();
    }

    @Test
    public void runsArePagedNewestFirstWithoutGapsWhileMoreArrive() {
        List<JournalEntry> entries = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            entries.add(started("r%02d".formatted(i), i / 3));
        }
        store().projection().project(profile, 25, entries);
        List<String> seen = new ArrayList<>();
        String cursor = null;
        int sequence = 25;
        do {
            Page<Run> page = runs(new RunQuery(null, null, null, null, cursor, 7));
            page.items().forEach(run -> seen.add(run.id()));
            cursor = page.next();
            sequence++;
            project(sequence, started("later" + sequence, 1000));
        } while (cursor != null);
        assertThat(seen).hasSize(25).doesNotHaveDuplicates();
        assertThat(seen.getFirst()).isEqualTo("r24");
        assertThat(seen.getLast()).isEqualTo("r00");
    }

    @Test
    public void theLastPageHasNoCursorEvenWhenItIsFull() {
        project(1, started("r1", 0), started("r2", 1));
        assertThat(runs(new RunQuery(null, null, null, null, null, 2)).next()).isNull();
        assertThat(runs(new RunQuery(null, null, null, null, null, 1)).next()).isNotNull();
    }

    @Test
    public void runsAreFiltered() {
        project(
                1,
                started("r1", 0),
                started("r2", 1),
                ended("r2", RunState.SUCCEEDED, ""),
                byHand("r3"),
                new JournalEntry.StepEnded("r1", step("a", json("1"))));
        assertThat(runIds(new RunQuery("triage", null, null, null, null, 10))).containsExactly("r2", "r1");
        assertThat(runIds(new RunQuery(null, "new-issue", null, null, null, 10)))
                .containsExactly("r2", "r1");
        assertThat(runIds(new RunQuery(null, null, "e-r1", null, null, 10))).containsExactly("r1");
        assertThat(runIds(new RunQuery("triage", null, null, RunState.RUNNING, null, 10)))
                .containsExactly("r1");
        assertThat(runIds(new RunQuery("other", null, null, null, null, 10))).isEmpty();
        assertThat(runs(new RunQuery(null, null, "e-r1", null, null, 10))
                        .items()
                        .getFirst()
                        .steps())
                .hasSize(1);
        assertThat(store().projection().findRun(profile, "r3").orElseThrow().rule())
                .isNull();
    }

    @Test
    public void aForeignCursorIsInvalid() {
        project(1, started("r1", 0));
        assertFails(ErrorKind.INVALID, () -> runs(new RunQuery(null, null, null, null, "!nonsense", 10)));
        assertFails(
                ErrorKind.INVALID,
                () -> store().projection().audit(profile, new AuditQuery(null, null, null, "!nonsense", 10)));
        assertFails(
                ErrorKind.INVALID, () -> store().projection().events(profile, new EventQuery(null, "!nonsense", 10)));
    }

    // audit

    @Test
    public void decisionsAreFilteredAndPaged() {
        project(
                3,
                decided("a", 1, true, "publishEvent", "e-1"),
                decided("b", 2, false, "triggerRecipe", "e-1"),
                decided("c", 3, false, "publishEvent", null),
                decided("c", 4, true, "readCredential", null));
        assertThat(auditIds(new AuditQuery(null, null, null, null, 10))).containsExactly("c", "b", "a");
        assertThat(auditIds(new AuditQuery(false, null, null, null, 10))).containsExactly("c", "b");
        assertThat(auditIds(new AuditQuery(null, "publishEvent", null, null, 10)))
                .containsExactly("c", "a");
        assertThat(auditIds(new AuditQuery(null, null, "e-1", null, 10))).containsExactly("b", "a");
        Page<AuditEntry> first = store().projection().audit(profile, new AuditQuery(null, null, null, null, 2));
        assertThat(auditIds(new AuditQuery(null, null, null, first.next(), 2))).containsExactly("a");
        assertThat(first.items().getFirst())
                .isEqualTo(new AuditEntry(
                        "c", NOON.plusSeconds(3), "ada", "publishEvent", "r", false, List.of("p"), "because", null));
    }

    // events

    @Test
    public void eventsAreIndexedByIdAndType() {
        store().projection()
                .index(
                        profile,
                        12,
                        List.of(
                                event(10, "e1", "order.placed"),
                                event(11, "e2", "order.paid"),
                                event(12, "e3", "orderXpaid")));
        assertThat(store().projection().findEvent(profile, "e2")).contains(event(11, "e2", "order.paid"));
        assertThat(store().projection().findEvent(profile, "e9")).isEmpty();
        assertThat(eventIds(new EventQuery(null, null, 10))).containsExactly("e3", "e2", "e1");
        assertThat(eventIds(new EventQuery("order.", null, 10))).containsExactly("e2", "e1");
        assertThat(eventIds(new EventQuery("order_", null, 10))).isEmpty();
        assertThat(eventIds(new EventQuery("%", null, 10))).isEmpty();
        Page<EventEntry> first = store().projection().events(profile, new EventQuery(null, null, 2));
        assertThat(eventIds(new EventQuery(null, first.next(), 2))).containsExactly("e1");
    }

    @Test
    public void indexedEventsAreIgnoredTheSecondTime() {
        store().projection().index(profile, 11, List.of(event(10, "e1", "a"), event(11, "e2", "a")));
        store().projection().index(profile, 12, List.of(event(11, "other", "a"), event(12, "e3", "a")));
        store().projection().index(profile, 12, List.of(event(12, "other", "a")));
        assertThat(eventIds(new EventQuery(null, null, 10))).containsExactly("e3", "e2", "e1");
    }

    @Test
    public void extremeButLegalEventsDoNotStopTheIndex() {
        String random = UUID.randomUUID().toString();
        String id = ("\u6F22" + random).repeat(27);
        EventEntry event =
                new EventEntry(1, id, id, "t".repeat(255), id, Instant.parse("2026-03-01T12:00:00.123456789Z"), 9);
        store().projection().index(profile, 1, List.of(event));
        assertThat(store().projection().findEvent(profile, id).orElseThrow().id())
                .isEqualTo(id);
        store().projection()
                .index(
                        profile,
                        3,
                        List.of(
                                new EventEntry(2, "past", "s", "t", null, Instant.MIN, 9),
                                new EventEntry(3, "future", "s", "t", null, Instant.MAX, 9)));
        assertThat(store().projection().findEvent(profile, "future")).isPresent();
    }

    @Test
    public void aNulCharacterDoesNotStopTheProjection() {
        project(1, started("r1", 0), ended("r1", RunState.FAILED, "bad \0 byte"));
        assertThat(store().projection().findRun(profile, "r1").orElseThrow().error())
                .startsWith("bad ");
    }

    // agent state

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    public void agentStateIsPutReadAndRemoved() {
        var states = store().agentStates();
        assertThat(states.get(profile, "a", "k", NOW)).isEmpty();
        states.put(profile, "a", "k", "1", null);
        states.put(profile, "a", "k", "2", null);
        states.put(profile, "b", "k", "other agent", null);
        assertThat(states.get(profile, "a", "k", NOW)).contains("2");
        assertThat(states.putIfAbsent(profile, "a", "k", "3", NOW)).isFalse();
        assertThat(states.get(profile, "a", "k", NOW)).contains("2");
        states.remove(profile, "a", "k");
        states.remove(profile, "a", "k");
        assertThat(states.get(profile, "a", "k", NOW)).isEmpty();
        assertThat(states.putIfAbsent(profile, "a", "k", "", NOW)).isTrue();
        assertThat(states.get(profile, "a", "k", NOW)).contains("");
        assertThat(states.get(profile, "b", "k", NOW)).contains("other agent");
    }

    @Test
    public void agentStateExpires() {
        var states = store().agentStates();
        states.put(profile, "a", "short", "1", NOW);
        states.put(profile, "a", "long", "22", NOW.plusMillis(1));
        states.put(profile, "a", "ever", "333", null);
        assertThat(states.get(profile, "a", "short", NOW.minusMillis(1))).contains("1");
        assertThat(states.get(profile, "a", "short", NOW)).isEmpty();
        assertThat(states.get(profile, "a", "long", NOW)).contains("22");
        assertThat(states.keys(profile, "a", "", 10, NOW)).containsExactly("ever", "long");
        assertThat(states.putIfAbsent(profile, "a", "short", "again", NOW)).isTrue();
        assertThat(states.get(profile, "a", "short", NOW.plusSeconds(9))).contains("again");
        assertThat(states.clean(profile, "a", NOW.plusMillis(1)))
                .isEqualTo(new AgentStates.Usage(2, "again".length() + 3));
        states.put(profile, "a", "long", "for ever now", null);
        assertThat(states.get(profile, "a", "long", NOW.plusSeconds(9))).contains("for ever now");
    }

    @Test
    public void agentStateListsItsKeysByPrefixLiterally() {
        var states = store().agentStates();
        for (String key : List.of("a_1", "ab1", "a%2", "A_1", "a", "é1", "é2", "z😀1")) {
            states.put(profile, "a", key, "", null);
        }
        states.put(profile, "b", "a_of another agent", "", null);
        assertThat(states.keys(profile, "a", "a_", 10, NOW)).containsExactly("a_1");
        assertThat(states.keys(profile, "a", "a%", 10, NOW)).containsExactly("a%2");
        assertThat(states.keys(profile, "a", "é", 10, NOW)).containsExactly("é1", "é2");
        assertThat(states.keys(profile, "a", "z😀", 10, NOW)).containsExactly("z😀1");
        assertThat(states.keys(profile, "a", "a", 2, NOW)).containsExactly("a", "a%2");
        assertThat(states.keys(profile, "a", "none", 10, NOW)).isEmpty();
    }

    @Test
    void agentStateChangesTogetherOrNotAtAll() {
        var states = store().agentStates();
        states.put(profile, "a", "old", "1", NOW);
        states.put(profile, "a", "first", "22", null);
        states.put(profile, "b", "first", "other agent", null);
        List<AgentStates.Change> changes = List.of(
                new AgentStates.Change("first", null, null),
                new AgentStates.Change("second", "333", NOW.plusMillis(1)),
                new AgentStates.Change("third", "1", null),
                new AgentStates.Change("third", "4444", null));
        AgentStates.Usage after = new AgentStates.Usage(2, 7);

        assertThat(states.changeWithin(profile, "a", changes, NOW, new AgentStates.Usage(1, 100)))
                .isEqualTo(after);
        assertThat(states.changeWithin(profile, "a", changes, NOW, new AgentStates.Usage(9, 6)))
                .isEqualTo(after);
        assertThat(states.usageAfter(profile, "a", changes, NOW)).isEqualTo(after);
        assertThat(states.keys(profile, "a", "", 10, NOW)).containsExactly("first");

        assertThat(states.changeWithin(profile, "a", changes, NOW, after)).isEqualTo(after);
        assertThat(states.keys(profile, "a", "", 10, NOW)).containsExactly("second", "third");
        assertThat(states.get(profile, "a", "third", NOW)).contains("4444");
        assertThat(states.get(profile, "b", "first", NOW)).contains("other agent");

        states.change(profile, "a", changes.subList(0, 2));
        states.change(
                profile,
                "a",
                List.of(new AgentStates.Change("third", null, null), new AgentStates.Change("first", "5", null)));
        assertThat(states.keys(profile, "a", "", 10, NOW)).containsExactly("first", "second");
    }

    @Test
    public void onlyOneOfManyPutsIfAbsent() throws Exception {
        assertThat(inParallel(8, i -> store().agentStates().putIfAbsent(profile, "a", "k", "" + i, NOW)))
                .containsOnlyOnce(true);
    }

    // cipher texts

    @Test
    public void cipherTextsKeepTheNewestVersions() {
        var texts = store().cipherTexts();
        for (int version = 1; version <= 4; version++) {
            texts.add(cipherText("token", version), 2);
        }
        texts.add(cipherText("api", 1), 2);
        assertThat(texts.newest(profile, "token")).contains(cipherText("token", 4));
        assertThat(texts.all(profile)).containsExactly(cipherText("api", 1), cipherText("token", 4));
        assertFails(ErrorKind.CONFLICT, () -> texts.add(cipherText("token", 4), 2));
        assertFails(ErrorKind.CONFLICT, () -> texts.add(cipherText("token", 3), 2));
        assertThat(texts.delete(profile, "token")).isTrue();
        assertThat(texts.delete(profile, "token")).isFalse();
        assertThat(texts.newest(profile, "token")).isEmpty();
        assertThat(texts.newest(profile + "x", "api")).isEmpty();
    }

    // keys

    @Test
    public void apiKeysAreAddedFoundAndDeleted() {
        var keys = store().apiKeys();
        ApiKey key = new ApiKey(
                profile, "ci", "*", Set.of("admin", "viewer"), Set.of("read"), "00ff", NOON, NOON.plusSeconds(60));
        ApiKey eternal =
                new ApiKey(profile + "2", "ci", "default", Set.of(), Set.of(), "00", NOON.plusSeconds(1), null);
        keys.add(key);
        keys.add(eternal);
        assertFails(ErrorKind.CONFLICT, () -> keys.add(key));
        assertThat(keys.find(key.id())).contains(key);
        assertThat(keys.all()).containsSubsequence(key, eternal);
        assertThat(keys.delete(key.id())).isTrue();
        assertThat(keys.delete(key.id())).isFalse();
        assertThat(keys.find(key.id())).isEmpty();
        assertThat(keys.find(eternal.id())).contains(eternal);
        keys.delete(eternal.id());
    }

    private DocumentKey rule(String name) {
        return new DocumentKey(profile, Kind.RULE, name);
    }

    private List<Document> apply(Change... changes) {
        return store().documents().apply(List.of(changes), "ada", NOON);
    }

    private static ObjectNode content(String spec) {
        return JsonNodeFactory.instance.objectNode().put("spec", spec);
    }

    private static List<String> names(List<Document> documents) {
        return documents.stream().map(document -> document.key().name()).toList();
    }

    private void project(long sequence, JournalEntry... entries) {
        store().projection().project(profile, sequence, List.of(entries));
    }

    private static JournalEntry started(String id, int second) {
        return new JournalEntry.RunStarted(
                id,
                "triage",
                3,
                "new-issue",
                2,
                "e-" + id,
                "github",
                "Rule::\"x\"",
                List.of("p1", "p2"),
                true,
                NOON.plusSeconds(second));
    }

    private static JournalEntry byHand(String id) {
        return new JournalEntry.RunStarted(
                id, "by-hand", 1, null, 0, "e-" + id, "shell", "User::\"ada\"", List.of(), false, NOON.plusSeconds(5));
    }

    private static JournalEntry ended(String id, RunState state, String error) {
        return new JournalEntry.RunEnded(id, state, NOON.plusSeconds(9), error);
    }

    private static StepRecord step(String name, JsonNode output) {
        return new StepRecord(
                name,
                "http.request@1",
                StepState.SUCCEEDED,
                2,
                NOON.plusSeconds(1),
                NOON.plusSeconds(2),
                output,
                "",
                List.of("p1"),
                List.of("e-2", "e-3"));
    }

    private static JournalEntry decided(
            String id, int second, boolean permitted, String action, @Nullable String eventId) {
        return new JournalEntry.Decided(new AuditEntry(
                id, NOON.plusSeconds(second), "ada", action, "r", permitted, List.of("p"), "because", eventId));
    }

    private static EventEntry event(long sequence, String id, String type) {
        return new EventEntry(sequence, id, "shop", type, null, NOON, 120);
    }

    private CipherText cipherText(String name, int version) {
        return new CipherText(profile, name, version, "age-encrypted " + version, "ada", NOON);
    }

    private Page<Run> runs(RunQuery query) {
        return store().projection().runs(profile, query);
    }

    private List<String> runIds(RunQuery query) {
        return runs(query).items().stream()
                .map(Run::id)
                .filter(id -> !id.equals("r3"))
                .toList();
    }

    private List<String> auditIds(AuditQuery query) {
        return store().projection().audit(profile, query).items().stream()
                .map(AuditEntry::id)
                .toList();
    }

    private List<String> eventIds(EventQuery query) {
        return store().projection().events(profile, query).items().stream()
                .map(EventEntry::id)
                .toList();
    }

    private static JsonNode json(String text) {
        return EventFormat.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Tuple tuple(Object... values) {
        return Tuple.tuple(values);
    }

    private static void assertFails(ErrorKind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        HelixException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private static boolean succeeds(Runnable change) {
        try {
            change.run();
            return true;
        } catch (HelixException e) {
            assertThat(e.kind()).isEqualTo(ErrorKind.CONFLICT);
            return false;
        }
    }

    private static <T> List<T> inParallel(int threads, Function<Integer, T> work)
            throws InterruptedException, ExecutionException {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<T>> futures = IntStream.range(0, threads)
                    .mapToObj(i -> pool.submit(() -> work.apply(i)))
                    .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }
}
