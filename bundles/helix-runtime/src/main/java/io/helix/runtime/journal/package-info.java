/** What happened: written to the log, projected to the store, shown to those who watch. */
@NullMarked
package io.helix.runtime.journal;

import org.jspecify.annotations.NullMarked;
