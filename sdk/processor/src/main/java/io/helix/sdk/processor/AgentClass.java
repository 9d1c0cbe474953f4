package io.helix.sdk.processor;

import javax.lang.model.element.TypeElement;

/**
 * What is known of an annotated class.
 *
 * @param config the record that is its configuration
 */
record AgentClass(
        TypeElement element,
        String packageName,
        Kind kind,
        String type,
        String version,
        String description,
        TypeElement config) {

    /** One annotation, the interface it asks for, and the kind it stands for. */
    enum Kind {
        SOURCE("SourceAgent", "Source"),
        TRANSFORMER("TransformAgent", "Transformer"),
        ACTION("ActionAgent", "Action");

        static final String API = "io.helix.api.agent.";

        private final String annotation;
        private final String agentInterface;

        Kind(String annotation, String agentInterface) {
            this.annotation = annotation;
            this.agentInterface = agentInterface;
        }

        String annotation() {
            return API + annotation;
        }

        String agentInterface() {
            return API + agentInterface;
        }
    }
}
