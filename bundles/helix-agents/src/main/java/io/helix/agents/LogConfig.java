package io.helix.agents;

import io.helix.api.agent.Config;

/** What {@link Log} writes. */
record LogConfig(
        @Config("The text to write") String message,

        @Config(value = "debug, info, warning or error", defaultValue = "\"info\"")
        Level level) {
    enum Level {
        DEBUG,
        INFO,
        WARNING,
        ERROR
    }
}
