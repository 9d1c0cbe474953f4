/** The files in the deploy folder: who may bring one, and the bundles among them. */
@NullMarked
package io.helix.runtime.plugin;

import org.jspecify.annotations.NullMarked;
