package io.helix.drools.situation;

/** What hits must have in common, besides the key, to be brought together. */
sealed interface Home permits RuleMemory, OpenWindow {
    RuleMemory memory();

    /** Where its hits are. */
    Shelf shelf(int slot);
}
