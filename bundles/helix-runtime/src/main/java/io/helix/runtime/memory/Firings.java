package io.helix.runtime.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.helix.api.HelixException;
import io.helix.api.control.ControlPlane;
import io.helix.runtime.document.RuleDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Firings as people see them. */
final class Firings {
    private Firings() {}

    static ControlPlane.Firing shown(Firing firing) {
        return new ControlPlane.Firing(firing.due(), firing.key(), firing.events(), with(firing));
    }

    /** Without inputs, of which there would be too many. */
    static ControlPlane.Firing bare(Firing firing) {
        return new ControlPlane.Firing(firing.due(), firing.key(), firing.events(), Map.of());
    }

    static Map<String, JsonNode> with(Firing firing) {
        Map<String, JsonNode> with = new LinkedHashMap<>();
        List<RuleDefinition.Consequence> then = firing.rule().then();
        for (int i = 0; i < then.size(); i++) {
            String name = then.get(i).recipe();
            with.put(with.containsKey(name) ? name + "#" + (i + 1) : name, inputs(firing, then.get(i)));
        }
        return with;
    }

    private static JsonNode inputs(Firing firing, RuleDefinition.Consequence then) {
        try {
            return then.with().resolve(firing.variables());
        } catch (HelixException e) {
            return TextNode.valueOf("cannot be resolved: " + e.message());
        }
    }
}
