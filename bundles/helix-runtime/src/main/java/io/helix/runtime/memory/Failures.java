package io.helix.runtime.memory;

import io.helix.api.rule.RuleKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How often the conditions of rules could not be evaluated, because of wrong types or a limit. Thread safe. */
final class Failures {
    /** @param last why the last time; empty when it never failed */
    record Failed(long count, String last) {
        private static final Failed NEVER = new Failed(0, "");
    }

    private final Map<RuleKey, Failed> failed = new ConcurrentHashMap<>();

    void add(RuleKey rule, String message) {
        failed.merge(rule, new Failed(1, message), (before, one) -> new Failed(before.count() + 1, message));
    }

    Failed of(RuleKey rule) {
        return failed.getOrDefault(rule, Failed.NEVER);
    }

    void forget(RuleKey rule) {
        failed.remove(rule);
    }
}
