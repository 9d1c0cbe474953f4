/** The one expression language of rules and recipes (CEL), compiled once and bounded when evaluated. */
@Export
@Version("1.0.0")
@NullMarked
package io.helix.api.expression;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
