package io.helix.agents;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.agent.Config;
import org.jspecify.annotations.Nullable;

/** What {@link SetFact} sets. */
record SetFactConfig(
        @Config(value = "The name of the fact: facts.name in expressions", pattern = "^[a-zA-Z_][a-zA-Z0-9_]{0,62}$")
        String name,

        @Config(value = "Its value, at most 1,024 characters as JSON; null, or nothing, removes it", optional = true)
        @Nullable
        JsonNode value) {}
