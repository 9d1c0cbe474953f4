package io.helix.agents;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.Names;
import io.helix.api.agent.Config;
import org.jspecify.annotations.Nullable;

/** What {@link SetFact} sets. */
record SetFactConfig(
        @Config(value = "The name of the fact: facts.name in expressions", pattern = "^" + Names.FACT + "$")
        String name,

        @Config(value = "Its value, at most 1,024 characters as JSON; null, or nothing, removes it", optional = true)
        @Nullable
        JsonNode value) {}
