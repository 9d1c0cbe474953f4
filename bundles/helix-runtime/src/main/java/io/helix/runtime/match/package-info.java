/** From event to trigger. */
@NullMarked
package io.helix.runtime.match;

import org.jspecify.annotations.NullMarked;
