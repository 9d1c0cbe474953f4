package io.helix.api.agent;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Registered as a service by what loads plugins other than bundles, so that failed ones can be shown too. */
@ConsumerType
public interface PluginSource {
    List<Plugin> plugins();

    /**
     * @param name the file name without path
     * @param format {@code bundle} or {@code wasm}
     * @param state {@code active}, {@code starting} or {@code failed}
     * @param detail why it failed, or empty
     * @param types the agent types it brings, as {@code type@version}
     */
    record Plugin(String name, String version, String format, String state, String detail, List<String> types) {
        public Plugin {
            types = List.copyOf(types);
        }
    }
}
