package io.helix.runtime.control;

import io.helix.api.event.EventBus;
import io.helix.api.event.EventBus.Subscription;
import io.helix.runtime.fact.Facts;
import io.helix.runtime.journal.Projector;
import io.helix.runtime.match.EventMatching;
import io.helix.runtime.memory.Memories;
import io.helix.runtime.run.RunExecutor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The consumers of each profile: matching, memory, runs, projections. */
final class ProfileServices implements AutoCloseable {
    private final EventBus bus;
    private final Facts facts;
    private final EventMatching matching;
    private final Memories memories;
    private final RunExecutor runs;
    private final Projector projector;
    private final Map<String, List<Subscription>> subscriptions = new ConcurrentHashMap<>();

    ProfileServices(
            EventBus bus,
            Facts facts,
            EventMatching matching,
            Memories memories,
            RunExecutor runs,
            Projector projector) {
        this.bus = bus;
        this.facts = facts;
        this.matching = matching;
        this.memories = memories;
        this.runs = runs;
        this.projector = projector;
    }

    /** Creates the streams of a profile; nothing is consumed yet. */
    void provision(String profile) {
        bus.provision(profile);
    }

    void start(String profile) {
        facts.open(profile);
        subscriptions.computeIfAbsent(
                profile,
                name -> List.of(
                        projector.projectJournal(name),
                        projector.indexEvents(name),
                        runs.start(name),
                        matching.start(name)));
        memories.start(profile);
    }

    void stop(String profile) {
        memories.stop(profile);
        List<Subscription> running = subscriptions.remove(profile);
        if (running != null) {
            running.reversed().forEach(Subscription::close);
        }
    }

    @Override
    public void close() {
        List.copyOf(subscriptions.keySet()).forEach(this::stop);
    }
}
