package io.helix.api.document;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * One revision of what a user wrote.
 *
 * @param revision from 1, and greater with each change of this document; a document deleted and made again goes on counting
 * @param content the whole document as JSON: apiVersion, kind, metadata, spec. Must not be changed
 * @param author who applied it
 */
public record Document(DocumentKey key, long revision, ObjectNode content, String author, Instant time) {}
