@NullMarked
package io.helix.vault;

import org.jspecify.annotations.NullMarked;
