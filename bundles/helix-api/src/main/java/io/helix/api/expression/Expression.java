package io.helix.api.expression;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.rule.Condition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** A compiled expression; immutable and thread safe. */
@ProviderType
public interface Expression {
    String source();

    /** The declared variables it refers to; without those that a macro such as {@code exists} brings. */
    Set<String> variables();

    /**
     * What must hold of the event {@code variable} for the value to be {@code true}, as far as the text tells. An event
     * that meets these conditions need not make it true; one that does not never does.
     */
    List<Condition> implied(String variable);

    /** False when its type tells that the value is never {@code true} or {@code false}. */
    default boolean canBeBoolean() {
        return true;
    }

    /** Never throws for any input: cost and time are bounded, faults are {@link Evaluation.Failed}. */
    Evaluation evaluate(Map<String, JsonNode> variables);

    /** What it decides whatever the other variables are; empty when that depends on them. */
    default Optional<Boolean> constant(Map<String, JsonNode> known) {
        return evaluate(known) instanceof Evaluation.Value(JsonNode value) && value.isBoolean()
                ? Optional.of(value.booleanValue())
                : Optional.empty();
    }

    /** Whether the value is {@code true}; absent, failed and every other value count as false. */
    default boolean test(Map<String, JsonNode> variables) {
        return evaluate(variables).isTrue();
    }
}
