package io.helix.sdk.processor;

/** The Java source that registers an agent class. */
final class AgentTypeSource {
    private static final String TEMPLATE = """
            %s/** Registers {@link %s} as the agent type {@code %s}. Generated from its annotation. */
            @org.osgi.service.component.annotations.Component(
                    service = io.helix.api.agent.AgentType.class,
                    property = {"helix.agent.type=%s", "helix.agent.version=%s"})
            public final class %s implements io.helix.api.agent.AgentType {
                private static final io.helix.api.agent.AgentDescriptor DESCRIPTOR = new io.helix.api.agent.AgentDescriptor(
                        "%s",
                        "%s",
                        io.helix.api.agent.AgentKind.%s,
                        %s,
                        io.helix.api.agent.ConfigReader.schema(
                                %s));

                /** Called by Declarative Services. */
                public %s() {}

                @Override
                public io.helix.api.agent.AgentDescriptor descriptor() {
                    return DESCRIPTOR;
                }

                @Override
                public io.helix.api.agent.Agent<?> create() {
                    return new %s();
                }

                @Override
                public Object config(com.fasterxml.jackson.databind.node.ObjectNode json) {
                    return io.helix.api.agent.ConfigReader.read(json, DESCRIPTOR.configSchema(), %s.class);
                }
            }
            """;

    private AgentTypeSource() {}

    static String simpleName(AgentClass agent) {
        return agent.element().getSimpleName() + "AgentType";
    }

    static String qualifiedName(AgentClass agent) {
        return agent.packageName().isEmpty() ? simpleName(agent) : agent.packageName() + "." + simpleName(agent);
    }

    static String write(AgentClass agent, Json schema) {
        String agentName = agent.element().getQualifiedName().toString();
        String header = agent.packageName().isEmpty() ? "" : "package " + agent.packageName() + ";\n\n";
        return TEMPLATE.formatted(
                header,
                agentName,
                agent.type(),
                agent.type(),
                agent.version(),
                simpleName(agent),
                agent.type(),
                agent.version(),
                agent.kind().name(),
                literal(agent.description()),
                literal(schema.render()),
                simpleName(agent),
                agentName,
                agent.config().getQualifiedName());
    }

    private static String literal(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                default -> out.append(c < 0x20 || c > 0x7e ? String.format("\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        return out.append('"').toString();
    }
}
