package io.helix.vault;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.store.CipherTexts;
import io.helix.api.store.CipherTexts.CipherText;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The key pair of each profile, stored encrypted to the master. */
final class ProfileIdentities {
    /** Not a name that users can choose. */
    static final String NAME = "@identity";

    private final AgeIdentity master;
    private final CipherTexts texts;
    private final Clock clock;
    private final ConcurrentMap<String, AgeIdentity> opened = new ConcurrentHashMap<>();

    ProfileIdentities(AgeIdentity master, CipherTexts texts, Clock clock) {
        this.master = master;
        this.texts = texts;
        this.clock = clock;
    }

    AgeIdentity existing(String profile) {
        return opened.computeIfAbsent(profile, key -> stored(key).orElseThrow(() -> lost(key)));
    }

    AgeIdentity existingOrNew(String profile) {
        return opened.computeIfAbsent(profile, key -> stored(key).orElseGet(() -> create(key)));
    }

    private Optional<AgeIdentity> stored(String profile) {
        return texts.newest(profile, NAME).map(this::open);
    }

    private AgeIdentity open(CipherText text) {
        return identity(text.profile(), Sealed.open(master, text));
    }

    private AgeIdentity create(String profile) {
        if (!texts.all(profile).isEmpty()) {
            throw lost(profile);
        }
        byte[] secret = AgeIdentity.generate();
        CipherText text = Sealed.seal(master, new Envelope(profile, NAME, 1), secret, "helix", clock.instant());
        AgeIdentity identity = identity(profile, secret);
        texts.add(text, 1);
        return identity;
    }

    private static AgeIdentity identity(String profile, byte[] secret) {
        try {
            return AgeIdentity.of(secret);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new HelixException(ErrorKind.INTERNAL, "The identity of profile '" + profile + "' is not one");
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static HelixException lost(String profile) {
        return new HelixException(
                ErrorKind.INTERNAL,
                "The identity of profile '" + profile + "' is gone, and its credentials with it: restore the database,"
                        + " or delete them and put them again");
    }
}
