package io.helix.drools;

import io.helix.api.ErrorKind;
import io.helix.api.Health;
import io.helix.api.HealthCheck;
import io.helix.api.HelixException;
import io.helix.api.event.Event;
import io.helix.api.rule.ConditionReport;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.RuleKey;
import io.helix.api.rule.RuleMatcher;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Matches events with one {@link Network} for each profile. */
@Component(service = {RuleMatcher.class, HealthCheck.class})
public final class DroolsRuleMatcher implements RuleMatcher, HealthCheck {
    private final Map<String, Network> networks = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> warm = WarmUp.start();

    @Activate
    public DroolsRuleMatcher() {}

    @Override
    public void put(Map<RuleKey, Pattern> patterns) {
        awaitWarm();
        Map<String, Map<RuleKey, Pattern>> byProfile = new HashMap<>();
        patterns.forEach((key, pattern) ->
                byProfile.computeIfAbsent(key.profile(), p -> new HashMap<>()).put(key, pattern));
        byProfile.forEach(this::put);
    }

    private void put(String profile, Map<RuleKey, Pattern> patterns) {
        networks.compute(profile, (name, network) -> {
            Network changed = network == null ? new Network(name) : network;
            changed.put(patterns);
            return changed;
        });
    }

    @Override
    public void remove(Collection<RuleKey> keys) {
        awaitWarm();
        keys.stream().collect(Collectors.groupingBy(RuleKey::profile)).forEach(this::remove);
    }

    private void remove(String profile, List<RuleKey> keys) {
        networks.computeIfPresent(profile, (name, network) -> {
            network.remove(keys);
            return network.size() == 0 ? null : network;
        });
    }

    @Override
    public List<RuleKey> match(String profile, Event event) {
        Network network = networks.get(profile);
        return network == null ? List.of() : network.match(event);
    }

    @Override
    public List<ConditionReport> explain(Pattern pattern, Event event) {
        return Explanation.of(pattern, event);
    }

    @Override
    public int size() {
        return networks.values().stream().mapToInt(Network::size).sum();
    }

    @Override
    public Health health() {
        if (!warm.isDone()) {
            return new Health("rules", Health.State.STARTING, "the rule engine is starting");
        }
        return warm.isCompletedExceptionally()
                ? new Health("rules", Health.State.DOWN, "the rule engine did not start; the log says why")
                : new Health("rules", Health.State.UP, size() + " patterns are live");
    }

    private void awaitWarm() {
        try {
            warm.join();
        } catch (CompletionException e) {
            throw new HelixException(ErrorKind.UNAVAILABLE, "the rule engine did not start; the log says why", e);
        }
    }
}
