/** Commands of the Karaf shell, in the scope {@code helix}. */
@NullMarked
package io.helix.shell;

import org.jspecify.annotations.NullMarked;
