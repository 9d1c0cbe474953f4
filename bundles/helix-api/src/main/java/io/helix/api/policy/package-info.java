/** Authorization: who may do what to what, and why. */
@Export
@Version("1.0.0")
@NullMarked
package io.helix.api.policy;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
