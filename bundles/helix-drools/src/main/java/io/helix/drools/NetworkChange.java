package io.helix.drools;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which rules leave and come to which buckets. */
final class NetworkChange {
    private final Map<Bucket, Set<LiveRule>> leaving = new LinkedHashMap<>();
    private final Map<Bucket, List<LiveRule>> coming = new LinkedHashMap<>();

    void leave(LiveRule rule) {
        rule.buckets()
                .forEach(bucket -> touch(bucket, leaving, new LinkedHashSet<>()).add(rule));
    }

    void come(LiveRule rule) {
        rule.buckets()
                .forEach(bucket -> touch(bucket, coming, new ArrayList<>()).add(rule));
    }

    private static <C extends Collection<LiveRule>> C touch(Bucket bucket, Map<Bucket, C> rules, C none) {
        return rules.computeIfAbsent(bucket, b -> none);
    }

    /** The buckets that will be empty. */
    List<Bucket> emptied() {
        return leaving.keySet().stream()
                .filter(bucket ->
                        bucket.size() + coming(bucket).size() == leaving(bucket).size())
                .toList();
    }

    void apply() {
        Set<Bucket> touched = new LinkedHashSet<>(leaving.keySet());
        touched.addAll(coming.keySet());
        touched.forEach(bucket -> bucket.change(leaving(bucket), coming(bucket)));
    }

    private Set<LiveRule> leaving(Bucket bucket) {
        return leaving.getOrDefault(bucket, Set.of());
    }

    private List<LiveRule> coming(Bucket bucket) {
        return coming.getOrDefault(bucket, List.of());
    }
}
