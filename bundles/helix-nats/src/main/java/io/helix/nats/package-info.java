/** The event bus on NATS JetStream. */
@NullMarked
package io.helix.nats;

import org.jspecify.annotations.NullMarked;
