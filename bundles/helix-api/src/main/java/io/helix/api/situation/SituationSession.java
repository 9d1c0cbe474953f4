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
     * Adds a rule, or changes it. A situation of the same kind keeps the hits of the aliases that it still has: it goes on as
     * if it had been like this when they came, and what it would have found until now is not found. An equal situation
     * keeps everything; only its delay and its filter change.
     *
     * @param delay how much later than it happened an event is handed in, at the most; so {@code hit.time() + delay} is not
     *     before the session's clock. The clock of the rule lags by the delay: its deadlines pass so much later. A sequence
     *     with absent steps is decided only when the rule's clock has passed its last event. Hits that come later still
     *     take part as far as nothing was decided without them
     * @param filter asked once for every match before it is made; false leaves the hits where they are. Thread safe; a
     *     filter that throws is a fault of the rule. Also asked when a rule is changed
     * @throws IllegalArgumentException when the situation cannot be found, as nothing bounds it in time, for example
     */
    void put(String rule, Situation situation, Duration delay, Predicate<Match> filter);

    /** Forgets a rule and its hits. */
    void remove(String rule);

    /**
     * Handles hits in order, and then moves the clock to {@code until}. Before each hit the clock moves to its time, if that
     * is later. When the clock says {@code d + delay}, the deadlines of a rule up to {@code d} have passed. Hits of rules that
     * are not there are ignored, and so are hits in windows that have ended.
     *
     * @param until not before any hit and not before the {@code until} of an earlier call
     * @throws IllegalArgumentException when it is
     */
    Outcome offer(List<Hit> hits, Instant until);

    /**
     * What the clock says when {@link #offer} without hits could find something; empty when only a hit could. May be earlier
     * than needed.
     */
    Optional<Instant> nextDeadline();

    /** The hits of a rule that still matter, oldest first. */
    List<Hit> retained(String rule);

    /**
     * The hits of all rules that still matter, in an order in which {@link #offer} to an empty session with the same
     * rules restores this one. What that finds was found before.
     */
    List<Hit> retained();

    long retainedCount();

    /** Of one rule; cheap. */
    long retainedCount(String rule);

    @Override
    void close();

    /** @param matches in the order of their {@link Match#time()}, then of their last hits */
    record Outcome(List<Match> matches, List<Fault> faults) {
        public Outcome {
            matches = List.copyOf(matches);
            faults = List.copyOf(faults);
        }
    }

    /**
     * A rule that was given up: its hits are forgotten, and it finds nothing until it is put again. What it found with other
     * keys in the same call, or before with the same key, is found.
     */
    record Fault(String rule, String reason) {}
}
