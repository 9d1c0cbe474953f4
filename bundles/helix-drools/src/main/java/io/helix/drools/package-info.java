/**
 * Finds the rules an event matches. Every profile has a {@link io.helix.drools.Network}: the alpha nodes of Drools
 * find a {@link io.helix.drools.Bucket} of candidates by hash, which checks what is left of each rule.
 */
@NullMarked
package io.helix.drools;

import org.jspecify.annotations.NullMarked;
