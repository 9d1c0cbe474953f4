/** Credentials: named, versioned secrets that are readable only inside the call that needs them. */
@Export
@Version("1.0.0")
@NullMarked
package io.helix.api.vault;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
