package io.helix.api.situation;

import io.helix.api.rule.ValueTest;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several events together in time. The events are in roles, named by aliases; which events can play a role is decided
 * before, an engine sees only {@link Hit}s.
 *
 * <p>Only hits with equal {@link Hit#key()} are brought together. "Within w" means less than w: an event exactly w after
 * another is too late.
 *
 * <p>A match of {@link Sequence}, {@link All} or {@link Any} uses its hits up: each is in at most one match of the rule.
 * The hits that have waited longest are taken first: of all combinations that a hit completes, the one whose oldest hit is
 * the oldest, then the one whose second oldest is, and so on.
 *
 * <p>Aliases are distinct, and lengths of time positive.
 */
public sealed interface Situation {
    /** The aliases in the order they are written. */
    List<String> aliases();

    /** After this time a hit can matter no more. */
    Duration span();

    /** One hit, in any of the roles. */
    record Any(List<String> aliases) implements Situation {
        public Any {
            aliases = List.copyOf(aliases);
        }

        @Override
        public Duration span() {
            return Duration.ZERO;
        }
    }

    /** A hit in every role, of different events, in any order, all {@code within} of each other. */
    record All(List<String> aliases, Duration within) implements Situation {
        public All {
            aliases = List.copyOf(aliases);
        }

        @Override
        public Duration span() {
            return within;
        }
    }

    /**
     * Hits of different events one after the other; later means a later {@link Hit#time()}, or the same and a larger
     * {@link Hit#order()}.
     *
     * <p>A step that is absent says what must not happen: between the events before and after it, however long that is;
     * as the last step, within its time from the event before, and the match is made when that time has passed; as the
     * first step, within its time before the event after. Several in a row each hold. An event does not speak against a
     * sequence of which it is a part. At least one step is not absent.
     *
     * @param within from the first to the last event that is not absent; null when each step has its own. It is also the
     *     time of an absent first or last step that has none
     */
    record Sequence(List<Step> steps, @Nullable Duration within) implements Situation {
        public Sequence {
            steps = List.copyOf(steps);
        }

        @Override
        public List<String> aliases() {
            return steps.stream().map(Step::alias).toList();
        }

        @Override
        public Duration span() {
            Duration own = Duration.ZERO;
            Duration absent = Duration.ZERO;
            for (Step step : steps) {
                Duration time = step.within() == null && step.absent() ? within : step.within();
                if (time != null && step.absent()) {
                    absent = absent.plus(time);
                } else if (time != null) {
                    own = own.plus(time);
                }
            }
            return (within == null ? own : within).plus(absent);
        }
    }

    /**
     * @param within from the event before; for an absent step at the end or the beginning see {@link Sequence}; null when
     *     only the whole is bounded
     */
    record Step(String alias, boolean absent, @Nullable Duration within) {}

    /**
     * A measure over the hits in a window passes a threshold. Sliding: matches with a hit when the measure is in the range
     * with it and was not without it; hits that leave the window never make a match. The window ends with its last hit, so
     * a hit that comes late counts as if it had come in time. Tumbling: matches once a window, with the first hit for
     * which the measure is in the range, or at its end if there was a hit in it.
     *
     * <p>Of no hits the count, the sum and the number of distinct values are 0, and the others are in no range. Hits whose
     * value cannot be measured, or is a number of more than 1,000 digits, are ignored.
     */
    record Aggregate(String alias, Measure measure, ValueTest.NumericRange threshold, Window window)
            implements Situation {
        @Override
        public List<String> aliases() {
            return List.of(alias);
        }

        @Override
        public Duration span() {
            return window.length();
        }

        /** Whether {@code value} is in the range of the threshold. */
        public boolean reached(BigDecimal value) {
            int low = threshold.low() == null ? 1 : value.compareTo(threshold.low());
            int high = threshold.high() == null ? -1 : value.compareTo(threshold.high());
            return (low > 0 || low == 0 && threshold.lowInclusive())
                    && (high < 0 || high == 0 && threshold.highInclusive());
        }
    }

    /** What is measured of {@link Hit#value()}; {@code COUNT} needs none. {@code AVG} is rounded to 34 digits. */
    enum Measure {
        COUNT,
        SUM,
        AVG,
        MIN,
        MAX,
        DISTINCT
    }

    /** Which hits are measured together. */
    sealed interface Window {
        Duration length();
    }

    /** The hits of the last {@code length}. */
    record Sliding(Duration length) implements Window {}

    /**
     * The hits between two multiples of {@code length} since 1970-01-01T00:00Z, the first included.
     *
     * @param atEnd whether it is looked at only when it ends
     */
    record Tumbling(Duration length, boolean atEnd) implements Window {}
}
