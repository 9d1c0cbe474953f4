@NullMarked
package io.helix.cel;

import org.jspecify.annotations.NullMarked;
