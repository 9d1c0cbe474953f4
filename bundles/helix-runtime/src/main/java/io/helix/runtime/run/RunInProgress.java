package io.helix.runtime.run;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.event.Event;
import io.helix.api.recipe.Run;
import io.helix.api.recipe.RunState;
import io.helix.api.recipe.StepRecord;
import io.helix.api.recipe.StepState;
import io.helix.api.recipe.Trigger;
import io.helix.api.store.JournalEntry;
import io.helix.runtime.document.RecipeDefinition;
import io.helix.runtime.document.RecipeDefinition.Step;
import io.helix.runtime.journal.Journal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * One run, from its trigger to its end, on one thread; its steps run on threads of their own and report back through a
 * queue. A step's end is durable before a step that needs it begins, and the run's end before this returns: a run that is
 * taken up again after a crash does not repeat an action that was recorded. Transformers have no effect outside, so a
 * resumed run performs them again instead of keeping their events.
 */
final class RunInProgress {
    private static final Duration JOURNAL_TIMEOUT = Duration.ofSeconds(60);
    static final Duration SIGN_OF_LIFE = Duration.ofSeconds(8);

    private final StepPerformer performer;
    private final Journal journal;
    private final ExecutorService threads;
    private final InstantSource clock;
    private final StepPerformer.Frame frame;
    private final Runnable signOfLife;
    private final Map<String, StepRecord> ended = new LinkedHashMap<>();
    private final Map<String, List<Event>> events = new HashMap<>();
    private final Set<String> begun = new HashSet<>();
    private final List<JournalEntry> unwritten = new ArrayList<>();
    private final BlockingQueue<Ending> endings = new LinkedBlockingQueue<>();

    /** How a step's thread reports back; exactly one is set. */
    private sealed interface Ending {
        record Done(StepPerformer.Performed performed) implements Ending {}

        record Broken(RuntimeException cause) implements Ending {}
    }

    RunInProgress(
            StepPerformer performer,
            Journal journal,
            ExecutorService threads,
            InstantSource clock,
            StepPerformer.Frame frame,
            Runnable signOfLife) {
        this.performer = performer;
        this.journal = journal;
        this.threads = threads;
        this.clock = clock;
        this.frame = frame;
        this.signOfLife = signOfLife;
    }

    /** Takes over what an earlier, interrupted attempt has recorded. */
    void resume(Run earlier, Predicate<Step> keeps) {
        for (Step step : frame.recipe().steps()) {
            earlier.steps().stream()
                    .filter(record -> record.step().equals(step.id()) && keeps.test(step))
                    .forEach(record -> ended.put(record.step(), record));
        }
    }

    /** @throws HelixException UNAVAILABLE when the mesh is away; the run can be taken up again */
    RunState perform() {
        Trigger trigger = frame.trigger();
        RecipeDefinition recipe = frame.recipe();
        note(started(trigger, recipe));
        ObjectNode inputs;
        try {
            inputs = RunInputs.complete(recipe, trigger.inputs());
        } catch (HelixException e) {
            return end(RunState.FAILED, e.message());
        }
        RunView view = new RunView(trigger, recipe, inputs, frame.facts());
        ended.values().forEach(record -> view.ended(record, List.of()));
        int active = 0;
        while (true) {
            NextSteps next = NextSteps.of(recipe, ended, begun);
            next.skip().forEach(skip -> skipped(skip, view));
            if (!next.perform().isEmpty() && clock.instant().isAfter(frame.deadline())) {
                return end(
                        RunState.FAILED,
                        "did not finish within " + recipe.timeout().toSeconds() + " s");
            }
            if (!next.perform().isEmpty() && !ended.isEmpty()) {
                write("steps");
            }
            for (Step step : next.perform()) {
                begin(step, view);
                active++;
            }
            if (active == 0 && next.skip().isEmpty()) {
                break;
            }
            if (active > 0) {
                take(view);
                active--;
            }
        }
        RunState state = NextSteps.outcome(recipe, ended);
        String error = NextSteps.failed(recipe, ended)
                .map(record -> "step '" + record.step() + "' failed: " + record.error())
                .orElse("");
        return end(state, error);
    }

    private static JournalEntry started(Trigger trigger, RecipeDefinition recipe) {
        return new JournalEntry.RunStarted(
                trigger.id(),
                recipe.name(),
                recipe.revision(),
                trigger.rule(),
                trigger.ruleRevision(),
                trigger.event().id(),
                trigger.event().source(),
                trigger.principal(),
                trigger.policies(),
                trigger.late(),
                trigger.time());
    }

    private void begin(Step step, RunView view) {
        begun.add(step.id());
        Event input = step.from() == null
                ? frame.trigger().event()
                : events.getOrDefault(step.from(), List.of()).stream()
                        .findFirst()
                        .orElse(null);
        var variables = view.snapshot();
        threads.execute(() -> {
            Ending ending;
            try {
                ending = new Ending.Done(
                        input == null
                                ? performer.withoutEvent(frame, step)
                                : performer.perform(frame, step, variables, input));
            } catch (RuntimeException e) {
                ending = new Ending.Broken(e);
            }
            endings.add(ending);
        });
    }

    private void take(RunView view) {
        Ending ending = await();
        switch (ending) {
            case Ending.Done(StepPerformer.Performed(StepRecord record, List<Event> produced)) -> {
                ended.put(record.step(), record);
                events.put(record.step(), produced);
                view.ended(record, produced);
                note(new JournalEntry.StepEnded(frame.trigger().id(), record));
            }
            case Ending.Broken(RuntimeException cause) -> throw cause;
        }
    }

    private Ending await() {
        try {
            while (true) {
                Ending ending = endings.poll(SIGN_OF_LIFE.toMillis(), TimeUnit.MILLISECONDS);
                if (ending != null) {
                    return ending;
                }
                signOfLife.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HelixException.unavailable("Helix is being stopped");
        }
    }

    private void skipped(NextSteps.Skip skip, RunView view) {
        Instant now = clock.instant();
        StepRecord record = new StepRecord(
                skip.step().id(),
                skip.step().performer(),
                StepState.SKIPPED,
                0,
                now,
                now,
                MissingNode.getInstance(),
                skip.reason(),
                List.of(),
                List.of());
        ended.put(record.step(), record);
        view.ended(record, List.of());
        note(new JournalEntry.StepEnded(frame.trigger().id(), record));
    }

    private RunState end(RunState state, String error) {
        note(new JournalEntry.RunEnded(frame.trigger().id(), state, clock.instant(), error));
        write("end");
        return state;
    }

    private void note(JournalEntry entry) {
        unwritten.add(entry);
        journal.show(frame.trigger().profile(), entry);
    }

    private void write(String what) {
        if (unwritten.isEmpty()) {
            return;
        }
        String id = frame.trigger().id() + ":" + what + ":" + String.join(",", ended.keySet());
        Waiting.forAll(
                List.of(journal.append(frame.trigger().profile(), id, List.copyOf(unwritten))
                        .toCompletableFuture()),
                JOURNAL_TIMEOUT);
        unwritten.clear();
    }
}
