package io.helix.sdk.testing.agent;

/** What is outside of an agent and stays when the agent is started again. */
record AgentWorld(ManualClock clock, MapState state, MapCredentials credentials, ScriptedHttp http, RecordedLog log) {
    AgentWorld() {
        this(new ManualClock());
    }

    private AgentWorld(ManualClock clock) {
        this(clock, new MapState(clock), new MapCredentials(), new ScriptedHttp(), new RecordedLog());
    }
}
