/** What an agent author implements, and the contexts Helix hands to an agent while it works. */
@Export
@Version("1.0.0")
@NullMarked
package io.helix.api.agent;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
