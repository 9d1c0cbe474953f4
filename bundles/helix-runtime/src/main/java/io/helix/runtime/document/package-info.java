/** Reads what users write into definitions that Helix can run, and says what is wrong with it. */
@NullMarked
package io.helix.runtime.document;

import org.jspecify.annotations.NullMarked;
