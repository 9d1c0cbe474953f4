package io.helix.drools;

import io.helix.api.rule.Pattern;
import io.helix.api.rule.RuleKey;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A rule in the network. */
final class LiveRule {
    private static final Logger log = LoggerFactory.getLogger(LiveRule.class);

    private final RuleKey key;
    private final Pattern pattern;
    private final Check first;
    private final Check others;
    private final List<List<String>> paths;
    private final List<Bucket> buckets;
    private boolean hasFailed;

    /**
     * @param checks what is left to check in its buckets
     * @param paths the paths it has acquired
     */
    LiveRule(RuleKey key, Pattern pattern, List<Check> checks, List<List<String>> paths, List<Bucket> buckets) {
        this.key = key;
        this.pattern = pattern;
        this.first = checks.isEmpty() ? Checks.ALWAYS : checks.get(0);
        this.others = checks.size() < 2 ? Checks.ALWAYS : Checks.all(checks.subList(1, checks.size()));
        this.paths = paths;
        this.buckets = buckets;
    }

    RuleKey key() {
        return key;
    }

    Pattern pattern() {
        return pattern;
    }

    Check first() {
        return first;
    }

    Check others() {
        return others;
    }

    List<List<String>> paths() {
        return paths;
    }

    List<Bucket> buckets() {
        return buckets;
    }

    /** Said once: whoever sends the events decides how often it happens. */
    void failed(Throwable cause) {
        if (!hasFailed) {
            hasFailed = true;
            log.error("Rule {} cannot be checked; it does not match where this happens", key, cause);
        }
    }
}
