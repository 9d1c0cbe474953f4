package io.helix.drools.situation;

import io.helix.api.rule.ValueTest.NumericRange;
import io.helix.api.situation.Hit;
import io.helix.api.situation.Match;
import io.helix.api.situation.Situation;
import io.helix.api.situation.Situation.Aggregate;
import io.helix.api.situation.Situation.Measure;
import io.helix.api.situation.Situation.Sequence;
import io.helix.api.situation.Situation.Step;
import io.helix.api.situation.Situation.Window;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Small rules and hits close together, so that bounds are met and times are equal often. */
final class RandomRules {
    private static final List<String> ALIASES = List.of("a", "b", "c", "d");

    /** A filter that is true for all, or the same half of all, each time. */
    record Drawn(Situation situation, Duration delay, Predicate<Match> filter) {}

    /** One call of the session. */
    record Call(List<Hit> hits, Instant until) {}

    private final Random random;
    private final Map<String, Drawn> rules = new LinkedHashMap<>();
    private long now = 1_000;
    private long order = 0;

    RandomRules(long seed, int count, boolean late) {
        random = new Random(seed);
        for (int i = 0; i < count; i++) {
            rules.put("rule" + i, new Drawn(situation(), late ? millis(0, 5) : Duration.ZERO, filter()));
        }
    }

    Map<String, Drawn> rules() {
        return rules;
    }

    private Predicate<Match> filter() {
        int share = random.nextInt(3);
        return match -> share == 0
                || match.hits().values().stream().mapToLong(Hit::order).sum() % 3 != share;
    }

    Situation situation() {
        return switch (random.nextInt(8)) {
            case 0 -> new Situation.Any(some(1 + random.nextInt(3)));
            case 1 -> new Situation.All(some(2 + random.nextInt(2)), millis(1, 10));
            case 2, 3 -> aggregate();
            default -> sequence();
        };
    }

    private List<String> some(int count) {
        List<String> aliases = new ArrayList<>(ALIASES);
        Collections.shuffle(aliases, random);
        return aliases.subList(0, count);
    }

    private Sequence sequence() {
        List<String> aliases = some(1 + random.nextInt(4));
        int present = random.nextInt(aliases.size());
        boolean whole = random.nextBoolean();
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < aliases.size(); i++) {
            boolean absent = i != present && random.nextInt(3) == 0;
            boolean own = !whole || random.nextBoolean();
            steps.add(new Step(aliases.get(i), absent, own ? millis(1, 8) : null));
        }
        return new Sequence(steps, whole ? millis(1, 12) : null);
    }

    private Aggregate aggregate() {
        Measure measure = Measure.values()[random.nextInt(Measure.values().length)];
        Duration length = millis(1, 10);
        Window window = random.nextBoolean()
                ? new Situation.Sliding(length)
                : new Situation.Tumbling(length, random.nextBoolean());
        return new Aggregate("a", measure, range(), window);
    }

    private NumericRange range() {
        BigDecimal low = BigDecimal.valueOf(random.nextInt(5));
        BigDecimal high = low.add(BigDecimal.valueOf(random.nextInt(3)));
        return switch (random.nextInt(3)) {
            case 0 -> new NumericRange(low, random.nextBoolean(), null, false);
            case 1 -> new NumericRange(null, false, high, random.nextBoolean());
            default -> new NumericRange(low, true, high, true);
        };
    }

    private Duration millis(int least, int most) {
        return Duration.ofMillis(least + random.nextInt(most - least + 1));
    }

    /** Some events, of which every rule has its own hits. */
    Call call() {
        List<Hit> hits = new ArrayList<>();
        for (int events = random.nextInt(4); events > 0; events--) {
            now += random.nextInt(4);
            event(hits);
        }
        now += random.nextInt(3) == 0 ? random.nextInt(9) : 0;
        return new Call(hits, Instant.ofEpochMilli(now));
    }

    private void event(List<Hit> hits) {
        order++;
        rules.forEach((name, rule) -> {
            long late = random.nextInt((int) rule.delay().toMillis() + 1);
            String key = "k" + random.nextInt(2);
            for (String alias : rule.situation().aliases()) {
                if (random.nextInt(rule.situation().aliases().size()) == 0) {
                    Instant time = Instant.ofEpochMilli(now - late);
                    hits.add(new Hit(name, alias, key, time, order, value(rule.situation()), null));
                }
            }
        });
    }

    private @Nullable Comparable<?> value(Situation situation) {
        return switch (situation) {
            case Aggregate aggregate when aggregate.measure() == Measure.COUNT -> null;
            case Aggregate aggregate when aggregate.measure() == Measure.DISTINCT -> "v" + random.nextInt(4);
            case Aggregate aggregate -> BigDecimal.valueOf(random.nextInt(30), 1);
            case Situation.Any any -> null;
            case Situation.All all -> null;
            case Sequence sequence -> null;
        };
    }
}
