package io.helix.drools.situation;

import io.helix.api.situation.Match;
import java.util.function.Predicate;

/** A rule as it was put. */
record SituationRule(String name, Plan plan, Predicate<Match> filter) {}
