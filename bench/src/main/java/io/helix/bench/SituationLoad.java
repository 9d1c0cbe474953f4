package io.helix.bench;

import io.helix.api.situation.Hit;
import io.helix.api.situation.Match;
import io.helix.api.situation.Situation.Sequence;
import io.helix.api.situation.Situation.Step;
import io.helix.api.situation.SituationEngine.Limits;
import io.helix.api.situation.SituationSession;
import io.helix.drools.situation.DroolsSituationEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A session in a steady state: things are opened, each with its own key and for one of many rules, and a third of them is
 * closed within the time of the rule, which makes a match. The others expire.
 */
final class SituationLoad implements AutoCloseable {
    static final Duration WITHIN = Duration.ofMinutes(5);

    private static final Limits NO_LIMITS = new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE);
    static final int OPENED_PER_CLOSED = 3;
    private static final int BATCH = 1_000;

    private final Random random = new Random(7);
    private final int rules;
    private final String[] names;
    private final int[] openedRules;
    private final long[] openedOrders;
    private SituationSession session;
    private int next = 0;
    private long order = 0;
    private long matches = 0;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    /** @param open how many are opened within the time of a rule */
    SituationLoad(int rules, int open) {
        this.rules = rules;
        this.names = IntStream.range(0, rules).mapToObj(i -> "rule" + i).toArray(String[]::new);
        this.openedRules = new int[open];
        this.openedOrders = new long[open];
        this.session = session();
    }

    private SituationSession session() {
        SituationSession fresh = new DroolsSituationEngine().open(1, NO_LIMITS);
        for (int i = 0; i < rules; i++) {
            put(fresh, names[i], WITHIN);
        }
        return fresh;
    }

    static void put(SituationSession session, String rule, Duration within) {
        Predicate<Match> always = match -> true;
        List<Step> steps = List.of(new Step("opened", false, null), new Step("closed", false, null));
        session.put(rule, new Sequence(steps, within), Duration.ZERO, always);
    }

    SituationSession current() {
        return session;
    }

    Instant now() {
        return now;
    }

    /** Opens as many as there are at a time, without closing any. */
    void fill() {
        for (int done = 0; done < openedOrders.length; done += BATCH) {
            List<Hit> hits = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                hits.add(open());
            }
            session.offer(hits, now);
        }
    }

    /** Some hits for {@link #offer}, as they come from outside: nothing that is retained is read to make them. */
    List<Hit> batch() {
        List<Hit> hits = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            hits.add(open());
            if (i % OPENED_PER_CLOSED == 0) {
                hits.add(close(random.nextInt(openedOrders.length)));
            }
        }
        return hits;
    }

    void offer(List<Hit> hits) {
        matches += session.offer(hits, now).matches().size();
    }

    long matches() {
        return matches;
    }

    private Hit open() {
        now = now.plusNanos(WITHIN.toNanos() / openedOrders.length);
        openedRules[next] = random.nextInt(rules);
        openedOrders[next] = order;
        Hit hit = hit(openedRules[next], "opened", order);
        next = (next + 1) % openedOrders.length;
        return hit;
    }

    private Hit close(int index) {
        return hit(openedRules[index], "closed", openedOrders[index]);
    }

    private Hit hit(int rule, String alias, long opened) {
        return new Hit(names[rule], alias, "key" + opened, now, order++, null, null);
    }

    /** Hands what is retained to a new session; returns how long that takes, in nanoseconds. */
    long restore() {
        List<Hit> retained = session.retained();
        session.close();
        session = session();
        long start = System.nanoTime();
        session.offer(retained, now);
        long nanos = System.nanoTime() - start;
        if (session.retainedCount() != retained.size()) {
            throw new IllegalStateException("restored " + session.retainedCount() + " of " + retained.size());
        }
        return nanos;
    }

    @Override
    public void close() {
        session.close();
    }
}
