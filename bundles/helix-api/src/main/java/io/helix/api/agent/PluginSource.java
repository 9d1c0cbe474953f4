package io.helix.api.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/** Registered as a service by what loads plugins of one format from the deploy folder. Thread safe. */
@ConsumerType
public interface PluginSource {
    /** All of this format, those that failed included. */
    List<Plugin> plugins();

    /** Whether a file of this name is for this source. */
    boolean takes(String fileName);

    /**
     * Takes up a file of the deploy folder that is new, has changed or is gone, now instead of at the next look into the
     * folder. Returns when it is in service, refused or withdrawn; at the latest after half a minute.
     *
     * @return what became of it; empty when there is no such file any more, or it takes longer than that
     */
    Optional<Plugin> refresh(Path file);

    /** The file of a plugin in the deploy folder; empty when there is no plugin of that name, or it has no file there. */
    Optional<Path> file(String name);

    /** What is known of a plugin, for people: where it comes from, what it may do, what became of its calls. */
    Optional<ObjectNode> describe(String name);

    /**
     * Calls a plugin without effects: nothing is published or sent, and what it stores is forgotten.
     *
     * @return for each call {@code type}, {@code result}, {@code output}, {@code emitted}, {@code http},
     *     {@code kv}, {@code log} and {@code micros}
     * @throws io.helix.api.HelixException NOT_FOUND; INVALID when there is nothing to call it with, or the format cannot
     *     be tried
     */
    List<JsonNode> tryOut(String name, Trial trial);

    /**
     * What to call a plugin with.
     *
     * @param type the agent type; null for the first
     * @param event null for the samples that the plugin brings, each with its own configuration
     * @param config checked against the schema of the type by who calls; empty without an event
     */
    record Trial(@Nullable String type, @Nullable ObjectNode event, ObjectNode config) {}

    /**
     * @param name the file name without path, or the name of the bundle
     * @param format {@code bundle} or {@code wasm}
     * @param state {@code active}, {@code starting}, {@code stopped} or {@code failed}
     * @param detail why it failed, or empty
     * @param types the agent types it brings, as {@code type@version}
     */
    record Plugin(String name, String version, String format, String state, String detail, List<String> types) {
        public Plugin {
            types = List.copyOf(types);
        }
    }
}
