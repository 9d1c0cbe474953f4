package io.helix.sdk.testing.agent;

/** What is outside of an agent and stays when the agent is started again. */
record AgentWorld(ManualClock clock, MapState state, MapCredentials credentials, ScriptedHttp http, RecordedLog log) {
    AgentWorld() {
        this(new ManualClock(), new MapState(), new MapCredentials(), new ScriptedHttp(), new RecordedLog());
    }
}
