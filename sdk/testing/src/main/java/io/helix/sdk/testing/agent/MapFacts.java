package io.helix.sdk.testing.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.HelixException;
import io.helix.api.Names;
import io.helix.api.agent.AgentFacts;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Facts in memory, with the bounds of the real ones. */
public final class MapFacts implements AgentFacts {
    private final Map<String, JsonNode> facts = new ConcurrentHashMap<>();

    /** What is set, by name. */
    public Map<String, JsonNode> all() {
        return new TreeMap<>(facts);
    }

    @Override
    public void set(String name, JsonNode value) {
        Names.requireFact(name);
        if (value.isNull() || value.isMissingNode() || value.toString().length() > LONGEST) {
            throw HelixException.invalid(
                    "fact '" + name + "' takes any JSON but null, of at most " + LONGEST + " characters");
        }
        facts.put(name, value.deepCopy());
    }

    @Override
    public boolean remove(String name) {
        Names.requireFact(name);
        return facts.remove(name) != null;
    }
}
