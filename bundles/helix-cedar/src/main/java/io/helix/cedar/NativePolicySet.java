package io.helix.cedar;

import com.cedarpolicy.model.exception.CacheException;
import com.cedarpolicy.model.policy.PolicySet;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One parsed policy set on the native side, used for one slice after another: the native side frees a set only when the
 * collector finds it, and refuses new ones when too many wait for that.
 */
final class NativePolicySet {
    /** An evaluation that may fail as cedar-java does. */
    interface Use<T, E extends Exception> {
        T with(PolicySet policies) throws E;
    }

    private final PolicySet policies = new PolicySet();
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private @Nullable Slice content;

    /** Waits until nobody uses what is there now. After a failure nothing is there. */
    void load(Slice slice) throws CacheException {
        lock.writeLock().lock();
        try {
            content = null;
            policies.policies =
                    slice.policies().stream().map(ScopedPolicy::policy).collect(Collectors.toSet());
            DeepStack.call(CacheException.class, () -> {
                policies.cache();
                return slice;
            });
            content = slice;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Empty when another slice has taken the place. */
    <T, E extends Exception> Optional<T> use(Slice slice, Use<T, E> use) throws E {
        lock.readLock().lock();
        try {
            return content == slice ? Optional.of(use.with(policies)) : Optional.empty();
        } finally {
            lock.readLock().unlock();
        }
    }
}
