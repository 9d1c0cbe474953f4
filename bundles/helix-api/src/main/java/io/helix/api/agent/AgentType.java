package io.helix.api.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The code behind agents. Registered as an OSGi service; Helix finds it. For a class annotated with {@link SourceAgent},
 * {@link TransformAgent} or {@link ActionAgent} the service is generated at build time.
 */
@ConsumerType
public interface AgentType {
    AgentDescriptor descriptor();

    /** A new, independent agent. */
    Agent<?> create();

    /**
     * Turns a configuration that is valid under the schema into what {@link AgentContext#config()} returns.
     *
     * @throws io.helix.api.HelixException INVALID when a value is well-formed but impossible
     */
    Object config(ObjectNode json);
}
