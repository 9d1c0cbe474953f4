package io.helix.sdk.testing.agent;

/** What is outside of an agent and stays when the agent is started again. */
record AgentWorld(
        ManualClock clock,
        MapState state,
        MapFacts facts,
        MapCredentials credentials,
        ScriptedHttp http,
        RecordedLog log) {
    AgentWorld() {
        this(new ManualClock());
    }

    private AgentWorld(ManualClock clock) {
        this(clock, new MapState(clock), new MapFacts(), new MapCredentials(), new ScriptedHttp(), new RecordedLog());
    }
}
