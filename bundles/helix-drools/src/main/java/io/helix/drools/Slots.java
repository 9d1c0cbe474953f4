package io.helix.drools;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the paths that live rules look at. A number is given back when the last rule using it is gone, so that
 * changing rules does not make views grow. Changed only while no event is being matched.
 */
final class Slots {
    private final Map<List<String>, Entry> entries = new HashMap<>();
    private final List<@Nullable FieldPath> paths = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();

    /** The number of a path; to be released once for each call. */
    int acquire(List<String> path) {
        Entry entry = entries.computeIfAbsent(path, p -> new Entry(number(new FieldPath(p))));
        entry.users++;
        return entry.number;
    }

    private int number(FieldPath path) {
        Integer reused = free.poll();
        if (reused != null) {
            paths.set(reused, path);
            return reused;
        }
        paths.add(path);
        return paths.size() - 1;
    }

    void release(Collection<List<String>> released) {
        for (List<String> path : released) {
            Entry entry = entries.get(path);
            if (entry != null && --entry.users == 0) {
                entries.remove(path);
                paths.set(entry.number, null);
                free.push(entry.number);
            }
        }
    }

    int capacity() {
        return paths.size();
    }

    @Nullable
    FieldPath path(int number) {
        return paths.get(number);
    }

    private static final class Entry {
        private final int number;
        private int users;

        Entry(int number) {
            this.number = number;
        }
    }
}
