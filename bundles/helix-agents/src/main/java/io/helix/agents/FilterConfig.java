package io.helix.agents;

import io.helix.api.agent.Config;

/** What {@link Filter} lets pass. */
record FilterConfig(
        @Config("A JSONata expression that gives true or false. Its input is the event: type, subject, time, data and"
                + " so on. A missing field makes a comparison false")
        String expression) {
    FilterConfig {
        JsonataExpression.parse(expression);
    }
}
