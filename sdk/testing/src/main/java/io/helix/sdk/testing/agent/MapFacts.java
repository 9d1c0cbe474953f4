package io.helix.sdk.testing.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentFacts;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Facts in memory, with the bounds of the real ones. */
public final class MapFacts implements AgentFacts {
    private static final int LONGEST = 1_024;

    private final Map<String, JsonNode> facts = new ConcurrentHashMap<>();

    /** What is set, by name. */
    public Map<String, JsonNode> all() {
        return new TreeMap<>(facts);
    }

    @Override
    public void set(String name, JsonNode value) {
        requireName(name);
        if (value.isNull() || value.isMissingNode() || value.toString().length() > LONGEST) {
            throw HelixException.invalid(
                    "fact '" + name + "' takes any JSON but null, of at most " + LONGEST + " characters");
        }
        facts.put(name, value.deepCopy());
    }

    @Override
    public boolean remove(String name) {
        requireName(name);
        return facts.remove(name) != null;
    }

    private static void requireName(String name) {
        if (!name.matches("[a-zA-Z_][a-zA-Z0-9_]{0,62}")) {
            throw HelixException.invalid("'" + name + "' is not a name of a fact");
        }
    }
}
