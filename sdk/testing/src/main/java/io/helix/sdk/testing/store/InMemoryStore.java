package io.helix.sdk.testing.store;

import io.helix.api.HelixException;
import io.helix.api.store.AgentStates;
import io.helix.api.store.ApiKeys;
import io.helix.api.store.CipherTexts;
import io.helix.api.store.Documents;
import io.helix.api.store.Projection;
import io.helix.api.store.Store;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A store that forgets everything at the end of the test; keeps {@link StoreContract}. */
public final class InMemoryStore implements Store {
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private final Outage outage = new Outage();
    private final Documents documents = new InMemoryDocuments(outage);
    private final Projection projection = new InMemoryProjection(outage);
    private final AgentStates agentStates = new InMemoryAgentStates(outage);
    private final CipherTexts cipherTexts = new InMemoryCipherTexts(outage);
    private final ApiKeys apiKeys = new InMemoryApiKeys(outage);

    /** While true every call fails with UNAVAILABLE, as with a database that is away. */
    public void away(boolean away) {
        outage.away = away;
    }

    @Override
    public Documents documents() {
        return documents;
    }

    @Override
    public Projection projection() {
        return projection;
    }

    @Override
    public AgentStates agentStates() {
        return agentStates;
    }

    @Override
    public CipherTexts cipherTexts() {
        return cipherTexts;
    }

    @Override
    public ApiKeys apiKeys() {
        return apiKeys;
    }

    /** The range and precision that SQL databases keep. */
    static Instant stored(Instant time) {
        if (time.isBefore(EARLIEST)) {
            return EARLIEST;
        }
        return time.isAfter(LATEST) ? LATEST : time.truncatedTo(ChronoUnit.MICROS);
    }

    /** Shared by the parts, so that a test can take the whole store away. */
    static final class Outage {
        private volatile boolean away;

        void check() {
            if (away) {
                throw HelixException.unavailable("the store is away");
            }
        }
    }
}
