package io.helix.api.document;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A change of one document. */
public sealed interface Change {
    DocumentKey key();

    /** The revision the author saw; 0 for "must not exist", null for "whatever it is". */
    @Nullable
    Long expected();

    record Put(
            DocumentKey key, ObjectNode content, @Nullable Long expected) implements Change {}

    record Delete(DocumentKey key, @Nullable Long expected) implements Change {}
}
