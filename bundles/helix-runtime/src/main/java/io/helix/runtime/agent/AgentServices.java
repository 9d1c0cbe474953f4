package io.helix.runtime.agent;

import io.helix.api.store.AgentStates;
import io.helix.api.vault.Vault;
import io.helix.runtime.access.Gate;
import io.helix.runtime.fact.Facts;
import java.time.InstantSource;

/** What contexts are made of. */
public record AgentServices(
        Gate gate,
        Vault vault,
        AgentStates states,
        StateQuotas quotas,
        Facts facts,
        GuardedHttp http,
        InstantSource clock) {}
