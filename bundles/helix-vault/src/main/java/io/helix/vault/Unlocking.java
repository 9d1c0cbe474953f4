package io.helix.vault;

import io.helix.api.Health;
import io.helix.api.HelixException;
import io.helix.api.store.CipherTexts;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the vault as soon as the database answers; a call that comes earlier tries by itself. */
final class Unlocking {
    private static final Logger LOG = LoggerFactory.getLogger(Unlocking.class);
    private static final String PART = "vault";

    private final MasterCheck check;
    private final CipherTexts texts;
    private final Clock clock;
    private final ScheduledExecutorService retry = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().daemon().name("helix-vault-unlock").unstarted(task));
    private volatile @Nullable ProfileIdentities identities;
    private volatile Health health = new Health(PART, Health.State.STARTING, "the master identity is being read");

    Unlocking(MasterCheck check, CipherTexts texts, Clock clock) {
        this.check = check;
        this.texts = texts;
        this.clock = clock;
    }

    void start() {
        retry.scheduleWithFixedDelay(this::attempt, 0, 1, TimeUnit.SECONDS);
    }

    void close() {
        retry.shutdownNow();
    }

    Health health() {
        return health;
    }

    private void attempt() {
        try {
            identities();
            retry.shutdown();
        } catch (RuntimeException e) {
            LOG.debug("The vault is not open yet", e);
        }
    }

    /** @throws HelixException when the vault does not open */
    ProfileIdentities identities() {
        ProfileIdentities open = identities;
        return open == null ? unlock() : open;
    }

    private synchronized ProfileIdentities unlock() {
        ProfileIdentities open = identities;
        if (open == null) {
            open = new ProfileIdentities(opened(), texts, clock);
            identities = open;
            report(Health.State.UP, "credentials can be read");
        }
        return open;
    }

    private AgeIdentity opened() {
        try {
            return check.open();
        } catch (HelixException e) {
            report(e.kind().retryable() ? Health.State.STARTING : Health.State.DOWN, e.message());
            throw e;
        }
    }

    private void report(Health.State state, String detail) {
        Health next = new Health(PART, state, detail);
        if (!next.equals(health) && state == Health.State.DOWN) {
            LOG.error("The vault stays closed: {}", detail);
        }
        health = next;
    }
}
