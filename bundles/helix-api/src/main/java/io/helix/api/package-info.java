/** What every part of Helix shares: failures, names, pages, health. */
@Export
@Version("1.0.0")
@NullMarked
package io.helix.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
