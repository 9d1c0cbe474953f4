/**
 * Finds situations. A session has partitions, a {@link io.helix.drools.situation.Partition} for the hits of some of the
 * keys, and each has a working memory of Drools of its own. Drools finds which hits make a situation together; what is
 * ours is time, and the choice among what Drools found.
 *
 * <p>There is one Drools rule for each {@link io.helix.drools.situation.Shape} of situations, not one for each rule of a
 * user: aliases and lengths of time are read from the facts. One Drools rule each, with constant intervals in a STREAM
 * session, was measured with Drools 10.2.0: adding one to a session with 10,000 rules and a million hits took 260 ms, and a
 * hit kept 750 bytes instead of 310, partly as Drools sets a timer for each. For the same reason Drools is not told the
 * time: hits are deleted when they matter no more, and a deadline that has passed becomes a fact, a
 * {@link io.helix.drools.situation.Tick}. Nor could one clock lag by another delay for each rule.
 */
@NullMarked
package io.helix.drools.situation;

import org.jspecify.annotations.NullMarked;
