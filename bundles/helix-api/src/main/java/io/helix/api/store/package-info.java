/** What Helix keeps in SQL: documents, the projection of the journal, durable agent state, keys, cipher texts. */
@Export
@Version("1.0.0")
@NullMarked
package io.helix.api.store;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
