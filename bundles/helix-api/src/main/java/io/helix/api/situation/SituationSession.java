package io.helix.api.situation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The memory of the rules of one profile. Deterministic: what is found depends on the calls and their order alone, never on
 * the time of day or on threads. One thread at a time.
 */
@ProviderType
public interface SituationSession extends AutoCloseable {
    /**
     * Adds a rule, or changes it: hits of aliases that it still has are kept, and what they make together without any
     * new hit is not found.
     *
     * @param delay how much later than it happened an event is handed in, at the most; the session's clock for this rule
     *     lags by it, so that {@code hit.time() + delay} is never before a hit handed in earlier
     * @param filter asked for every match before it is made; false leaves the hits where they are. Thread safe; a filter
     *     that throws is a fault of the rule
     */
    void put(String rule, Situation situation, Duration delay, Predicate<Match> filter);

    /** Forgets a rule and its hits. */
    void remove(String rule);

    /**
     * Handles hits in order, each after the deadlines up to {@code hit.time() + delay} of its rule, and then moves the clock
     * to {@code until}, which makes the deadlines up to it pass. Hits of rules that are not there are ignored.
     *
     * @param until not before any hit and not before the {@code until} of an earlier call
     */
    Outcome offer(List<Hit> hits, Instant until);

    /** When {@link #offer} without hits could find something; empty when only a hit could. May be earlier than needed. */
    Optional<Instant> nextDeadline();

    /** The hits of a rule that still matter, oldest first. */
    List<Hit> retained(String rule);

    /**
     * The hits of all rules that still matter, in an order in which {@link #offer} to an empty session with the same
     * rules restores this one.
     */
    List<Hit> retained();

    long retainedCount();

    @Override
    void close();

    /** @param matches in the order of their completion */
    record Outcome(List<Match> matches, List<Fault> faults) {
        public Outcome {
            matches = List.copyOf(matches);
            faults = List.copyOf(faults);
        }
    }

    /** A rule that was given up: its hits are forgotten, and it finds nothing until it is put again. */
    record Fault(String rule, String reason) {}
}
