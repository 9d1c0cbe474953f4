/** The one facade of the edges: all that REST, shell and console may do. */
@Export
@Version("1.0.0")
@NullMarked
package io.helix.api.control;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
