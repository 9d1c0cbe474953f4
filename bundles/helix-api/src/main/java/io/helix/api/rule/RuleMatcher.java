package io.helix.api.rule;

import io.helix.api.event.Event;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Finds the rules whose pattern an event matches. A pure function of the rules put and the event: it reads no clock and
 * no store, and it never throws for any event. All methods may be called from any thread while events are matched; a
 * call sees either all of a {@link #put} or nothing of it.
 */
@ProviderType
public interface RuleMatcher {
    /** Adds patterns, or replaces those with the same key. Many in one call cost little more than one. */
    void put(Map<RuleKey, Pattern> patterns);

    void remove(Collection<RuleKey> keys);

    /** The rules of {@code profile} that match, in no particular order. */
    List<RuleKey> match(String profile, Event event);

    /** Why {@code pattern} does or does not match, condition by condition. Agrees with {@link #match}. */
    List<ConditionReport> explain(Pattern pattern, Event event);

    /** How many patterns are live. */
    int size();
}
