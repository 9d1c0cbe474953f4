/** Documents: what users write (agents, rules, recipes, policies, profiles), with revisions. */
@Export
@Version("1.0.0")
@NullMarked
package io.helix.api.document;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
