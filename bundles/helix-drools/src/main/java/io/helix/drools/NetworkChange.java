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

    /** Changes the buckets; returns those that are empty now. */
    List<Bucket> apply() {
        Set<Bucket> touched = new LinkedHashSet<>(leaving.keySet());
        touched.addAll(coming.keySet());
        touched.forEach(bucket ->
                bucket.change(leaving.getOrDefault(bucket, Set.of()), coming.getOrDefault(bucket, List.of())));
        return touched.stream().filter(Bucket::isEmpty).toList();
    }
}
