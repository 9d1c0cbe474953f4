package io.helix.runtime.run;

import io.helix.api.recipe.RunState;
import io.helix.api.recipe.StepRecord;
import io.helix.api.recipe.StepState;
import io.helix.runtime.document.RecipeDefinition;
import io.helix.runtime.document.RecipeDefinition.OnError;
import io.helix.runtime.document.RecipeDefinition.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what a run does next: a pure function of the recipe and of what has happened.
 *
 * @param perform steps whose needs are met and that have not begun
 * @param skip steps that will not be performed, with the reason
 */
record NextSteps(List<Step> perform, List<Skip> skip) {
    record Skip(Step step, String reason) {}

    static NextSteps of(RecipeDefinition recipe, Map<String, StepRecord> ended, Set<String> begun) {
        List<Step> perform = new ArrayList<>();
        List<Skip> skip = new ArrayList<>();
        for (Step step : recipe.steps()) {
            if (begun.contains(step.id()) || ended.containsKey(step.id())) {
                continue;
            }
            Optional<String> obstacle = obstacle(step, recipe, ended);
            if (obstacle.isPresent()) {
                skip.add(new Skip(step, obstacle.get()));
            } else if (ended.keySet().containsAll(step.needs())) {
                perform.add(step);
            }
        }
        return new NextSteps(List.copyOf(perform), List.copyOf(skip));
    }

    private static Optional<String> obstacle(Step step, RecipeDefinition recipe, Map<String, StepRecord> ended) {
        if (failed(recipe, ended).isPresent()) {
            return Optional.of("the run failed before this step began");
        }
        for (Step other : recipe.steps()) {
            StepRecord record = step.needs().contains(other.id()) ? ended.get(other.id()) : null;
            if (record != null && record.state() == StepState.SKIPPED) {
                return Optional.of("step '" + other.id() + "' was skipped");
            }
            if (record != null
                    && record.state() == StepState.FAILED
                    && other.id().equals(step.from())) {
                return Optional.of("step '" + other.id() + "', whose event it takes, failed");
            }
        }
        return Optional.empty();
    }

    /** The step that makes the run fail, if there is one. */
    static Optional<StepRecord> failed(RecipeDefinition recipe, Map<String, StepRecord> ended) {
        return recipe.steps().stream()
                .filter(step -> step.onError() == OnError.FAIL)
                .map(step -> Optional.ofNullable(ended.get(step.id())))
                .flatMap(Optional::stream)
                .filter(record -> record.state() == StepState.FAILED)
                .findFirst();
    }

    static RunState outcome(RecipeDefinition recipe, Map<String, StepRecord> ended) {
        return failed(recipe, ended).isPresent() ? RunState.FAILED : RunState.SUCCEEDED;
    }
}
