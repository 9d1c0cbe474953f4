/** A bundle that is deployed into the server to look at it from within. */
@NullMarked
package io.helix.itests.probe;

import org.jspecify.annotations.NullMarked;
