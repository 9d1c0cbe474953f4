package io.helix.runtime.control;

import io.helix.api.Health;
import io.helix.api.HealthCheck;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The health checks that are registered right now. */
@Component(service = HealthRegistry.class)
public final class HealthRegistry {
    private final List<HealthCheck> checks = new CopyOnWriteArrayList<>();

    @Activate
    public HealthRegistry() {}

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            unbind = "remove")
    public void add(HealthCheck check) {
        checks.add(check);
    }

    public void remove(HealthCheck check) {
        checks.remove(check);
    }

    public List<Health> health() {
        return checks.stream()
                .map(HealthCheck::health)
                .sorted(Comparator.comparing(Health::part))
                .toList();
    }
}
