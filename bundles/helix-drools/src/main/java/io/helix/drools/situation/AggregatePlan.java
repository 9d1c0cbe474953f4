package io.helix.drools.situation;

import io.helix.api.situation.Hit;
import io.helix.api.situation.Match;
import io.helix.api.situation.Match.Measured;
import io.helix.api.situation.Situation;
import io.helix.api.situation.Situation.Sliding;
import io.helix.api.situation.Situation.Tumbling;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** @param length of the window */
record AggregatePlan(Situation.Aggregate situation, long length, long delay) implements Plan {
    private record Pane(String key, long start) {}

    static AggregatePlan of(Situation.Aggregate aggregate, long delay) {
        return new AggregatePlan(aggregate, Millis.positive(aggregate.window().length(), "length"), delay);
    }

    boolean measures(Hit hit) {
        return Values.suits(hit.value(), situation.measure());
    }

    boolean isReached(@Nullable BigDecimal value) {
        return value != null && situation.reached(value);
    }

    boolean isDecidedAtEnd() {
        return situation.window() instanceof Tumbling tumbling && tumbling.atEnd();
    }

    /** What hits are measured together with one. */
    Object windowId(String key, long time) {
        return switch (situation.window()) {
            case Sliding sliding -> key;
            case Tumbling tumbling -> new Pane(key, start(time));
        };
    }

    /** When a window with a hit of {@code time} as its last ends at the latest; the end is not in it. */
    long end(long time) {
        return switch (situation.window()) {
            case Sliding sliding -> time + length;
            case Tumbling tumbling -> start(time) + length;
        };
    }

    private long start(long time) {
        return Math.floorDiv(time, length) * length;
    }

    /** On the session's clock. */
    long deadline(long time) {
        return end(time) + delay;
    }

    @Override
    public long expiry(HitFact fact) {
        return deadline(fact.time());
    }

    /** @param last the last hit of the window */
    Match match(HitFact last, BigDecimal value, long count) {
        long end = isDecidedAtEnd() ? end(last.time()) : last.time();
        Measured measured = switch (situation.window()) {
            case Sliding sliding -> measured(value, count, last.time() - length);
            case Tumbling tumbling -> measured(value, count, start(last.time()));
        };
        Hit hit = last.hit();
        return new Match(hit.rule(), hit.key(), Instant.ofEpochMilli(end), Map.of(hit.alias(), hit), measured);
    }

    private Measured measured(BigDecimal value, long count, long from) {
        return new Measured(value, count, Instant.ofEpochMilli(from), Instant.ofEpochMilli(from + length));
    }
}
