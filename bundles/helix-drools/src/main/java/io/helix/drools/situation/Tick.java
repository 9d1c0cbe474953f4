package io.helix.drools.situation;

/** The fact that the time has passed after which nothing can speak against the sequences that end with {@code last}. */
record Tick(HitFact last) {}
