@NullMarked
package io.helix.nats;

import org.jspecify.annotations.NullMarked;
