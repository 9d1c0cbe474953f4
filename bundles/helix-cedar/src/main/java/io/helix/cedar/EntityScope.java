package io.helix.cedar;

import io.helix.api.policy.EntityRef;
import java.util.Optional;
import java.util.Set;

/** What the head of a policy says about its principal or its resource. */
sealed interface EntityScope {
    record Any() implements EntityScope {}

    record Exactly(EntityRef ref) implements EntityScope {}

    record Within(EntityRef ref) implements EntityScope {}

    record OfType(String type) implements EntityScope {}

    record OfTypeWithin(String type, EntityRef ref) implements EntityScope {}

    /**
     * False only when an entity of {@code type} cannot match; may be true too often.
     *
     * @param lineage the entity and its ancestors, at least those that {@link #named()} of any policy holds
     */
    default boolean mayMatch(String type, Set<EntityRef> lineage) {
        return switch (this) {
            case Any any -> true;
            case Exactly(EntityRef ref) -> ref.type().equals(type) && lineage.contains(ref);
            case Within(EntityRef ref) -> lineage.contains(ref);
            case OfType(String wanted) -> wanted.equals(type);
            case OfTypeWithin(String wanted, EntityRef ref) -> wanted.equals(type) && lineage.contains(ref);
        };
    }

    /** The single entity that the head names, if it does. */
    default Optional<EntityRef> named() {
        return switch (this) {
            case Any any -> Optional.empty();
            case Exactly(EntityRef ref) -> Optional.of(ref);
            case Within(EntityRef ref) -> Optional.of(ref);
            case OfType type -> Optional.empty();
            case OfTypeWithin(String type, EntityRef ref) -> Optional.of(ref);
        };
    }
}
