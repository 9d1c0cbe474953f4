package io.helix.runtime.memory;

import io.helix.api.rule.RuleKey;
import io.helix.runtime.document.RuleDefinition;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How often rules about one event fired or failed since the start. Thread safe. */
public final class FiringCounts {
    private final Map<RuleKey, RuleMemory.Counts> counts = new ConcurrentHashMap<>();
    private final Failures failures = new Failures();

    public void fired(RuleKey rule, Instant when) {
        counts.compute(rule, (key, before) -> {
            RuleMemory.Counts after = new RuleMemory.Counts();
            after.fired = before == null ? 1 : before.fired + 1;
            after.lastFired = when;
            return after;
        });
    }

    /** A condition could not be evaluated for an event. */
    public void failed(RuleDefinition rule, String message) {
        failures.add(rule, message);
    }

    void forget(RuleDefinition rule) {
        counts.remove(rule.key());
        failures.forget(rule);
    }

    Failures.Failed failed(RuleDefinition rule) {
        return failures.of(rule);
    }

    RuleMemory.Counts of(RuleKey rule) {
        return counts.getOrDefault(rule, new RuleMemory.Counts());
    }
}
