package io.helix.drools;

/** A compiled condition. Never throws. */
@FunctionalInterface
interface Check {
    boolean test(View view);
}
