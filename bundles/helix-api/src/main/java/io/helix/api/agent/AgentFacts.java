package io.helix.api.agent;

import com.fasterxml.jackson.databind.JsonNode;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Changes what is known in the profile: {@code facts.name} in the expressions of its rules and recipes. Durable when a
 * method returns. Thread safe.
 */
@ProviderType
public interface AgentFacts {
    /** How many characters a value may have as JSON. */
    int LONGEST = 1_024;

    /**
     * Sets a fact from now on, whatever it was.
     *
     * @param name 1 to 63 letters, digits and underscores, not beginning with a digit
     * @param value any JSON but null, at most {@link #LONGEST} characters
     * @throws io.helix.api.HelixException FORBIDDEN when policies do not permit it, which is recorded; INVALID for what is
     *     no name or no value of a fact
     */
    void set(String name, JsonNode value);

    /**
     * False when it was not set.
     *
     * @throws io.helix.api.HelixException FORBIDDEN as for {@link #set}
     */
    boolean remove(String name);
}
