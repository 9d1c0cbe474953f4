package io.helix.api.agent;

/** The three kinds of agents. */
public enum AgentKind {
    /** Produces events. */
    SOURCE,
    /** Event in, events out; no effect outside. */
    TRANSFORMER,
    /** Has an effect outside. */
    ACTION
}
