package io.helix.drools;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the paths that live rules look at. A number is given back when the last rule using it is gone, so that
 * changing rules does not make views grow. One thread at a time changes it; the numbers that live rules use may be
 * looked up meanwhile.
 */
final class Slots {
    private final Map<List<String>, Entry> entries = new HashMap<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private volatile @Nullable FieldPath[] paths = {};
    private int used;

    /** The number of a path; to be released once for each call. */
    int acquire(List<String> path) {
        Entry entry = entries.computeIfAbsent(path, p -> new Entry(number(new FieldPath(p))));
        entry.users++;
        return entry.number;
    }

    private int number(FieldPath path) {
        Integer reused = free.poll();
        int number = reused == null ? used++ : reused;
        if (number == paths.length) {
            paths = Arrays.copyOf(paths, Math.max(8, 2 * number));
        }
        paths[number] = path;
        return number;
    }

    void release(Collection<List<String>> released) {
        for (List<String> path : released) {
            Entry entry = entries.get(path);
            if (entry != null && --entry.users == 0) {
                entries.remove(path);
                paths[entry.number] = null;
                free.push(entry.number);
            }
        }
    }

    /** How many paths are in use. */
    int size() {
        return entries.size();
    }

    int capacity() {
        return paths.length;
    }

    @Nullable
    FieldPath path(int number) {
        return paths[number];
    }

    private static final class Entry {
        private final int number;
        private int users;

        Entry(int number) {
            this.number = number;
        }
    }
}
