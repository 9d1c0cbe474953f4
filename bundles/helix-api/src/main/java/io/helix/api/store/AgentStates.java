package io.helix.api.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Durable key-value state of agents. What has expired counts as absent. */
@ProviderType
public interface AgentStates {
    Optional<String> get(String profile, String agent, String key, Instant now);

    /** @param expires when the value is gone; null for never */
    void put(String profile, String agent, String key, String value, @Nullable Instant expires);

    /** False when the key was there; then nothing changes. */
    boolean putIfAbsent(String profile, String agent, String key, String value, Instant now);

    void remove(String profile, String agent, String key);

    /**
     * A value to keep, or none.
     *
     * @param value null to remove the key
     * @param expires when the value is gone; null for never
     */
    record Change(
            String key, @Nullable String value, @Nullable Instant expires) {}

    /** Makes all changes, in their order, or none. */
    void change(String profile, String agent, List<Change> changes);

    /**
     * Makes all changes, in their order, and removes what has expired, if what is kept afterwards is within
     * {@code most}; otherwise nothing. Takes longer than {@link #change}.
     *
     * @return what is kept afterwards, or would be
     */
    Usage changeWithin(String profile, String agent, List<Change> changes, Instant now, Usage most);

    /** What would be kept after these changes; changes nothing. */
    Usage usageAfter(String profile, String agent, List<Change> changes, Instant now);

    /** The keys that begin with {@code prefix}, in the order of their characters; at most {@code limit}. */
    List<String> keys(String profile, String agent, String prefix, int limit, Instant now);

    /** Removes what has expired; what the rest takes. */
    Usage clean(String profile, String agent, Instant now);

    /** @param characters of all values */
    record Usage(long keys, long characters) {
        public boolean isWithin(Usage most) {
            return keys <= most.keys() && characters <= most.characters();
        }
    }
}
