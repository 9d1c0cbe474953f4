package io.helix.drools;

/** A compiled test of one value. Never throws. */
@FunctionalInterface
interface ValueCheck {
    boolean test(Value value);
}
