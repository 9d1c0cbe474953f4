package io.helix.runtime.document;

import java.time.Duration;

/**
 * How often a rule may fire.
 *
 * @param most how many times in a window, for {@link Mode#AT_MOST}
 * @param perKey whether each key has a window of its own
 */
public record ThrottleDefinition(Mode mode, Duration window, int most, boolean perKey) {
    /** What happens to matches. */
    public enum Mode {
        /** The first fires; those in the window after it are dropped. */
        ONCE_WITHIN,
        /** All in the window after the first are collected; then the rule fires once, with all of them. */
        ONCE_AFTER,
        /** Those that would be more than so many in any window are dropped. */
        AT_MOST
    }

    public String word() {
        return mode.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
