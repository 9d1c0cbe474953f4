@NullMarked
package io.helix.store;

import org.jspecify.annotations.NullMarked;
