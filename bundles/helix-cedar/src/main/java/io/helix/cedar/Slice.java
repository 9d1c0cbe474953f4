package io.helix.cedar;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Policies that are evaluated together. Compared by identity. */
final class Slice {
    private final List<ScopedPolicy> policies;
    private volatile @Nullable NativePolicySet home;

    Slice(List<ScopedPolicy> policies) {
        this.policies = List.copyOf(policies);
    }

    List<ScopedPolicy> policies() {
        return policies;
    }

    /** Where it was last put; something else may be there by now. */
    @Nullable
    NativePolicySet home() {
        return home;
    }

    void home(NativePolicySet home) {
        this.home = home;
    }
}
