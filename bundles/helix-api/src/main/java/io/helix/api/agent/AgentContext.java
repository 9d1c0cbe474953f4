package io.helix.api.agent;

import java.time.InstantSource;
import org.osgi.annotation.versioning.ProviderType;

/** What every agent gets from Helix while it works. Thread safe. */
@ProviderType
public interface AgentContext<C> {
    String profile();

    /** The name of the agent: of its document, or {@code recipe/step} for a step that names a type. */
    String agent();

    C config();

    Credentials credentials();

    /** Durable, and this agent's own. */
    AgentState state();

    /** Goes to the log of Helix with profile, agent and run. Must not be given secrets. */
    System.Logger log();

    InstantSource clock();

    /** HTTP behind the egress guard and the policies. The only way to the network that Helix can vouch for. */
    HttpCaller http();

    /** Whether the result is no longer wanted: a deadline has passed, or the agent is being stopped. */
    boolean cancelled();
}
