package io.helix.api.recipe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.event.Event;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command "run this recipe because of this rule and this event".
 *
 * @param id the same for the same rule revision and matched events, or for what a rule says is the same to it, so that a
 *     redelivered event triggers once
 * @param rule null when a person ran the recipe
 * @param event the event that fired; the last one when several matched
 * @param inputs the recipe's inputs, resolved
 * @param principal who triggers, in Cedar's form
 * @param once whether a run with this id is all there is to be, however long ago it was
 * @param late whether it was due while Helix was not running
 * @param policies the policies that permitted it
 */
public record Trigger(
        String id,
        String profile,
        String recipe,
        @Nullable String rule,
        long ruleRevision,
        Event event,
        ObjectNode inputs,
        String principal,
        List<String> policies,
        boolean once,
        boolean late,
        Instant time) {
    public Trigger {
        policies = List.copyOf(policies);
    }
}
