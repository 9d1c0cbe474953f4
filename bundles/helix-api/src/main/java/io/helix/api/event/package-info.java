/** Events (CloudEvents 1.0) and the bus that carries them and everything else that must not be lost. */
@Export
@Version("1.0.0")
@NullMarked
package io.helix.api.event;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
