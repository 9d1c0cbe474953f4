package io.helix.wasm;

import io.helix.wasm.ProfileShares.Share;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What all plugins together may take for one profile, so that none starves another. Thread safe. */
final class Budgets {
    private final ProfileShares shares;
    private final Map<String, Semaphore> calls = new ConcurrentHashMap<>();
    private final Map<String, Semaphore> errands = new ConcurrentHashMap<>();
    private final Map<String, Long> pages = new ConcurrentHashMap<>();
    private final List<InstancePool> pools = new CopyOnWriteArrayList<>();

    Budgets(ProfileShares shares) {
        this.shares = shares;
    }

    /** The same for every profile. */
    Budgets(int calls, int pages) {
        this(new ProfileShares(new Share(calls, pages), Map.of()));
    }

    Share share(String profile) {
        return shares.of(profile);
    }

    /** False when so many calls of the profile run for all of {@code patience}. */
    boolean beginCall(String profile, Duration patience) throws InterruptedException {
        return calls(profile).tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    void endCall(String profile) {
        calls(profile).release();
    }

    private Semaphore calls(String profile) {
        return calls.computeIfAbsent(profile, name -> new Semaphore(share(name).calls(), true));
    }

    /**
     * False when as many errands of the profile are under way as it may have calls. A call has one at a time, so that is
     * so only when earlier calls have left theirs without an answer.
     */
    boolean beginErrand(String profile) {
        return errands(profile).tryAcquire();
    }

    void endErrand(String profile) {
        errands(profile).release();
    }

    private Semaphore errands(String profile) {
        return errands.computeIfAbsent(
                profile, name -> new Semaphore(share(name).calls()));
    }

    /** Takes pages for an instance; where there are too few, idle instances of the profile give way. */
    boolean reserve(String profile, int wanted) {
        while (!tryReserve(profile, wanted)) {
            if (pools.stream().noneMatch(pool -> pool.evictIdle(profile))) {
                return false;
            }
        }
        return true;
    }

    private boolean tryReserve(String profile, int wanted) {
        long[] granted = {0};
        pages.compute(profile, (name, used) -> {
            long before = used == null ? 0 : used;
            granted[0] = before + wanted <= share(name).pages() ? 1 : 0;
            long after = before + (granted[0] == 1 ? wanted : 0);
            return after == 0 ? null : after;
        });
        return granted[0] == 1;
    }

    void release(String profile, int returned) {
        pages.computeIfPresent(profile, (name, used) -> used <= returned ? null : used - returned);
    }

    /** The pages that instances of the profile may come to have. */
    long reserved(String profile) {
        return pages.getOrDefault(profile, 0L);
    }

    void add(InstancePool pool) {
        pools.add(pool);
    }

    void remove(InstancePool pool) {
        pools.remove(pool);
    }
}
