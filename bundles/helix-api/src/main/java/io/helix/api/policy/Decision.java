package io.helix.api.policy;

import java.util.List;

/** The answer to one authorization question, with the ids of the policies that determined it. */
public sealed interface Decision {
    List<String> policies();

    /** One sentence for people. */
    String reason();

    record Permit(List<String> policies) implements Decision {
        public Permit {
            policies = List.copyOf(policies);
        }

        @Override
        public String reason() {
            return "permitted by " + String.join(", ", policies);
        }
    }

    /** @param policies empty when no policy permits */
    record Forbid(List<String> policies, String reason) implements Decision {
        public Forbid {
            policies = List.copyOf(policies);
        }
    }

    default boolean permitted() {
        return this instanceof Permit;
    }
}
