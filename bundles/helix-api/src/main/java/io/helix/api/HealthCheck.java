package io.helix.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Registered as a service by each part that can be unready; readiness is the worst of all checks. */
@ConsumerType
public interface HealthCheck {
    /** Must answer at once from memory; called from many threads. */
    Health health();
}
