package io.helix.cedar;

import java.util.List;

/** A policy document in force. */
record PolicyDocument(String id, String text, List<ScopedPolicy> policies) {
    PolicyDocument {
        policies = List.copyOf(policies);
    }
}
