/**
 * Finds the rules an event matches. Every profile has a {@link io.helix.drools.Network}: the alpha nodes of Drools
 * find the candidates by hash, the {@link io.helix.drools.HitNode} below them checks what is left of each rule.
 */
@NullMarked
package io.helix.drools;

import org.jspecify.annotations.NullMarked;
