/** Rules: the pattern over events that triggers a recipe, and the matcher that finds which rules an event hits. */
@Export
@Version("1.0.0")
@NullMarked
package io.helix.api.rule;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
