package io.helix.api.store;

import io.helix.api.document.Change;
import io.helix.api.document.Document;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Documents with all their revisions. */
@ProviderType
public interface Documents {
    /**
     * Applies all changes in one transaction, or none.
     *
     * @return the new documents of the puts, in order
     * @throws io.helix.api.HelixException CONFLICT when an expected revision is not the current one, NOT_FOUND when a
     *     deleted document does not exist
     */
    List<Document> apply(List<Change> changes, String author, Instant time);

    Optional<Document> find(DocumentKey key);

    Optional<Document> find(DocumentKey key, long revision);

    /** By name, after {@code after}. */
    List<Document> list(String profile, Kind kind, @Nullable String after, int limit);

    /** All current documents of a kind, in all profiles. */
    List<Document> all(Kind kind);

    /** When each current document of a kind was made: the time of its first revision that no deletion followed. */
    Map<DocumentKey, Instant> births(Kind kind);

    /** Newest first. */
    List<Document> history(DocumentKey key, int limit);
}
