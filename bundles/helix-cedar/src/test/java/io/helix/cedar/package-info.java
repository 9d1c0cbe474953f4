@NullMarked
package io.helix.cedar;

import org.jspecify.annotations.NullMarked;
