package io.helix.cedar;

import com.cedarpolicy.model.exception.CacheException;
import com.cedarpolicy.model.policy.PolicySet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A fixed number of native policy sets; the slice that got its place first loses it first. */
final class NativePolicySets {
    private final int capacity;
    private final List<NativePolicySet> sets = new ArrayList<>();
    private int next;

    NativePolicySets(int capacity) {
        this.capacity = capacity;
    }

    <T, E extends Exception> T use(Slice slice, NativePolicySet.Use<T, E> use) throws E, CacheException {
        while (true) {
            NativePolicySet home = slice.home();
            Optional<T> result = home == null ? Optional.empty() : home.use(slice, use);
            if (result.isPresent()) {
                return result.get();
            }
            settle(slice);
        }
    }

    /** One thread parses, the others that want the same slice wait for it. */
    private void settle(Slice slice) throws CacheException {
        synchronized (slice) {
            NativePolicySet home = slice.home();
            if (home == null || home.use(slice, PolicySet::cacheKey).isEmpty()) {
                NativePolicySet place = take();
                place.load(slice);
                slice.home(place);
            }
        }
    }

    private synchronized NativePolicySet take() {
        if (sets.size() < capacity) {
            sets.add(new NativePolicySet());
            return sets.getLast();
        }
        next = (next + 1) % capacity;
        return sets.get(next);
    }
}
