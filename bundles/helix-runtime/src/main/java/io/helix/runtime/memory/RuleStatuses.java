package io.helix.runtime.memory;

import io.helix.api.control.ControlPlane.RuleStatus;
import io.helix.runtime.document.Catalog;
import io.helix.runtime.document.RuleDefinition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** How the rules of a profile are doing. */
public final class RuleStatuses {
    private final Catalog catalog;
    private final Memories memories;
    private final FiringCounts stateless;

    public RuleStatuses(Catalog catalog, Memories memories) {
        this.catalog = catalog;
        this.memories = memories;
        this.stateless = memories.counts();
    }

    public List<RuleStatus> of(String profile) {
        List<RuleStatus> statuses = new ArrayList<>();
        for (RuleDefinition rule : catalog.rules()) {
            if (rule.key().profile().equals(profile)) {
                statuses.add(status(rule));
            }
        }
        statuses.sort(Comparator.comparing(RuleStatus::name));
        return statuses;
    }

    private RuleStatus status(RuleDefinition rule) {
        Optional<String> suspended = memories.suspension(rule);
        String state = !rule.enabled() ? "disabled" : suspended.isPresent() ? "suspended" : "live";
        Optional<MemoryKeeper> keeper =
                rule.remembers() ? memories.keeper(rule.key().profile()) : Optional.empty();
        RuleMemory.Counts counts =
                keeper.map(k -> k.counts(rule.key().name())).orElseGet(() -> stateless.of(rule.key()));
        long remembers = keeper.map(k -> k.rememberedCount(rule.key().name())).orElse(0L);
        Failures.Failed failed = keeper.map(k -> k.failed(rule)).orElseGet(() -> stateless.failed(rule));
        return new RuleStatus(
                rule.key().name(),
                rule.revision(),
                state,
                suspended.orElse(""),
                remembers,
                counts.fired,
                counts.throttled,
                counts.late,
                counts.lastFired,
                failed.count(),
                failed.last());
    }
}
