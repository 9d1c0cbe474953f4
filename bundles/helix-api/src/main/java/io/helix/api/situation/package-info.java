/** Situations: several events together in time, and the engine that finds them. */
@Export
@Version("1.0.0")
@NullMarked
package io.helix.api.situation;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
