package io.helix.api.store;

import org.osgi.annotation.versioning.ProviderType;

/**
 * SQL, seen as what Helix keeps in it. Thread safe. Every method fails with UNAVAILABLE when the database is away.
 *
 * <p>The journal and the events are projected from the bus: they can be rebuilt. The rest lives only here.
 */
@ProviderType
public interface Store {
    Documents documents();

    Projection projection();

    AgentStates agentStates();

    CipherTexts cipherTexts();

    ApiKeys apiKeys();
}
