/** From trigger to ended run. */
@NullMarked
package io.helix.runtime.run;

import org.jspecify.annotations.NullMarked;
