package io.helix.drools.situation;

import io.helix.api.situation.Hit;

/**
 * A hit on its way to its partition.
 *
 * @param clock what the session's clock says when it is handled
 * @param number a running number
 */
record Arrival(SituationRule rule, Hit hit, long clock, long number) {}
