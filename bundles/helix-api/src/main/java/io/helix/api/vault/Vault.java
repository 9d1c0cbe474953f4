package io.helix.api.vault;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Keeps credentials encrypted. Knows no policies: who asks has authorized and audited the read before. Thread safe.
 */
@ProviderType
public interface Vault {
    /** Stores a new version; the last few older ones stay readable. {@code secret} is 1 byte to 64 KiB, not kept. */
    Version put(String profile, String name, byte[] secret, String author);

    /** The newest versions, by name; never the secrets. */
    List<Version> list(String profile);

    /**
     * Decrypts the newest version for the length of one call; the array is zeroed afterwards.
     *
     * @throws io.helix.api.HelixException NOT_FOUND; INTERNAL when the stored text was tampered with
     */
    <T> T use(String profile, String name, Function<byte[], T> use);

    /** Removes all versions; false when there was none. */
    boolean delete(String profile, String name);

    record Version(String name, int version, String author, Instant created) {}
}
