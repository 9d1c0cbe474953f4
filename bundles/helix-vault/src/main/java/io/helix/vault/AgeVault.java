package io.helix.vault;

import io.helix.api.ErrorKind;
import io.helix.api.Health;
import io.helix.api.HealthCheck;
import io.helix.api.HelixException;
import io.helix.api.Names;
import io.helix.api.store.CipherTexts;
import io.helix.api.store.CipherTexts.CipherText;
import io.helix.api.store.Store;
import io.helix.api.vault.Vault;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Credentials as age texts in the database, each to the key of its profile. */
@Component(
        service = {Vault.class, HealthCheck.class},
        immediate = true)
public final class AgeVault implements Vault, HealthCheck {
    private static final int MAX_BYTES = 64 * 1024;
    private static final int KEEP = 5;

    private final CipherTexts texts;
    private final Clock clock;
    private final Unlocking unlocking;
    /** Writes are rare; one at a time they do not race for a version. */
    private final Lock writing = new ReentrantLock();

    @Activate
    public AgeVault(@Reference Store store, BundleContext context) {
        this(store.cipherTexts(), MasterFile.below(home(context)), Clock.systemUTC());
        unlocking.start();
    }

    AgeVault(CipherTexts texts, MasterFile master, Clock clock) {
        this.texts = texts;
        this.clock = clock;
        this.unlocking = new Unlocking(new MasterCheck(master, texts, clock), texts, clock);
    }

    private static Path home(BundleContext context) {
        String home = context.getProperty("helix.home");
        return Path.of(home == null ? "" : home).toAbsolutePath();
    }

    @Deactivate
    void close() {
        unlocking.close();
    }

    @Override
    public Version put(String profile, String name, byte[] secret, String author) {
        Names.require("profile", profile);
        Names.require("credential", name);
        if (secret.length < 1 || secret.length > MAX_BYTES) {
            throw HelixException.invalid("Credential '" + profile + "/" + name + "' has " + secret.length
                    + " bytes: a secret has 1 to " + MAX_BYTES);
        }
        writing.lock();
        try {
            return add(unlocking.identities().existingOrNew(profile), profile, name, secret, author);
        } finally {
            writing.unlock();
        }
    }

    private Version add(AgeIdentity identity, String profile, String name, byte[] secret, String author) {
        int version = texts.newest(profile, name).map(CipherText::version).orElse(0) + 1;
        CipherText text = Sealed.seal(identity, new Envelope(profile, name, version), secret, author, clock.instant());
        texts.add(text, KEEP);
        return version(text);
    }

    @Override
    public List<Version> list(String profile) {
        return texts.all(profile).stream()
                .filter(text -> Names.valid(text.name()))
                .map(AgeVault::version)
                .toList();
    }

    @Override
    public <T> T use(String profile, String name, Function<byte[], T> use) {
        byte[] secret = open(profile, name);
        try {
            return use.apply(secret);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private byte[] open(String profile, String name) {
        ProfileIdentities identities = unlocking.identities();
        CipherText text = Names.valid(name) ? texts.newest(profile, name).orElse(null) : null;
        if (text == null) {
            throw HelixException.notFound("Profile '" + profile + "' has no credential '" + name + "'");
        }
        if (!text.profile().equals(profile) || !text.name().equals(name)) {
            throw new HelixException(
                    ErrorKind.INTERNAL, "The store gave another row than '" + profile + "/" + name + "'");
        }
        return Sealed.open(identities.existing(profile), text);
    }

    @Override
    public boolean delete(String profile, String name) {
        return Names.valid(name) && texts.delete(profile, name);
    }

    @Override
    public Health health() {
        return unlocking.health();
    }

    private static Version version(CipherText text) {
        return new Version(text.name(), text.version(), text.author(), text.created());
    }
}
