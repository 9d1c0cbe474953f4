/** Recipes, the triggers that start them, and the runs that come of them. */
@Export
@Version("1.0.0")
@NullMarked
package io.helix.api.recipe;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
