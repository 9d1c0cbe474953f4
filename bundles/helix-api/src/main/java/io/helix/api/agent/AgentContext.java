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

    /** What is known in the profile, to change it. */
    AgentFacts facts();

    /** Goes to the log of Helix with profile, agent and run. Must not be given secrets. */
    System.Logger log();

    InstantSource clock();

    /** HTTP behind the egress guard and the policies. The only way to the network that Helix can vouch for. */
    HttpCaller http();

    /**
     * Asks the policies whether an event that this agent emits now would be published. For an agent that has to tell
     * somebody: every event is asked about again when it is published, with all that is known then. What a transformer
     * hands to the next step only is not published, and is always permitted.
     *
     * @param bytes about how long the event is
     * @throws io.helix.api.HelixException FORBIDDEN when it would be refused; that is recorded
     */
    void requireEmit(String type, int bytes);

    /**
     * Records in the audit that this agent was refused something before a policy was asked.
     *
     * @param action in the words of the policies, for example {@code callHttp}
     * @param resourceType in the words of the policies, for example {@code HttpHost}
     */
    void refused(String action, String resourceType, String name, String reason);

    /** Whether the result is no longer wanted: a deadline has passed, or the agent is being stopped. */
    boolean cancelled();
}
