/** What is known in a profile beside its events. */
@NullMarked
package io.helix.runtime.fact;

import org.jspecify.annotations.NullMarked;
