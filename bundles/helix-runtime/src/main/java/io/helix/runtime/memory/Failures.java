package io.helix.runtime.memory;

import io.helix.api.rule.RuleKey;
import io.helix.runtime.document.RuleDefinition;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How often the conditions of rules, as they are now, could not be evaluated: wrong types, or a limit. Thread safe. */
final class Failures {
    private static final int LONGEST = 300;

    /** @param last why the last time; empty when it never failed */
    record Failed(long count, String last) {
        private static final Failed NEVER = new Failed(0, "");
    }

    /** A rule that was changed, or removed and made anew, begins anew. */
    private record Entry(long revision, Instant since, Failed failed) {
        boolean isOf(RuleDefinition rule) {
            return revision == rule.revision() && since.equals(rule.looksFrom());
        }
    }

    private final Map<RuleKey, Entry> entries = new ConcurrentHashMap<>();

    void add(RuleDefinition rule, String message) {
        String last = message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "...";
        entries.compute(rule.key(), (key, before) -> {
            long count =
                    before == null || !before.isOf(rule) ? 1 : before.failed().count() + 1;
            return new Entry(rule.revision(), rule.looksFrom(), new Failed(count, last));
        });
    }

    Failed of(RuleDefinition rule) {
        Entry entry = entries.get(rule.key());
        return entry == null || !entry.isOf(rule) ? Failed.NEVER : entry.failed();
    }

    void clear() {
        entries.clear();
    }

    void forget(RuleDefinition rule) {
        entries.remove(rule.key());
    }
}
