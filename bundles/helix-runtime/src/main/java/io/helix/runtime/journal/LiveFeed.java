package io.helix.runtime.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.control.LiveItem;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Hands what happens to those who watch, on the thread on which it happens; costs nothing while nobody watches. */
public final class LiveFeed {
    private record Watcher(String profile, Consumer<LiveItem> consumer) {}

    private final InstantSource clock;
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

    public LiveFeed(InstantSource clock) {
        this.clock = clock;
    }

    /** @param watcher must return at once and never throw */
    public AutoCloseable watch(String profile, Consumer<LiveItem> watcher) {
        Watcher entry = new Watcher(profile, watcher);
        watchers.add(entry);
        return () -> watchers.remove(entry);
    }

    public void show(String kind, String profile, Supplier<ObjectNode> data) {
        if (watchers.isEmpty()) {
            return;
        }
        LiveItem item = null;
        for (Watcher watcher : watchers) {
            if (watcher.profile().equals(profile)) {
                item = item == null ? new LiveItem(kind, profile, clock.instant(), data.get()) : item;
                watcher.consumer().accept(item);
            }
        }
    }
}
