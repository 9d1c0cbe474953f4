package io.helix.api.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Versions of encrypted texts by profile and name; knows nothing of what is inside. */
@ProviderType
public interface CipherTexts {
    /** CONFLICT when the version is there already. Keeps the newest {@code keep} versions of the name. */
    void add(CipherText text, int keep);

    Optional<CipherText> newest(String profile, String name);

    /** The newest version of each name, by name. */
    List<CipherText> all(String profile);

    boolean delete(String profile, String name);

    record CipherText(String profile, String name, int version, String text, String author, Instant created) {}
}
