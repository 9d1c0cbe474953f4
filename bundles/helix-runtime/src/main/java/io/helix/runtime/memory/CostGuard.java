package io.helix.runtime.memory;

import io.helix.api.rule.RuleKey;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * How much time the conditions of a rule take. Only evaluations that take long count: many short ones are not a fault of the
 * rule, and shorter times say more about the machine than about the rule. A rule may use a part of the time that passes, and
 * save up for bursts; one that wants more slows all others down and is to be given up. Guards the server, decides nothing
 * else. Thread safe.
 */
public final class CostGuard {
    private static final long BURST = Duration.ofSeconds(5).toNanos();
    private static final long LONGEST = Duration.ofMillis(200).toNanos();
    private static final long LONG = Duration.ofMillis(20).toNanos();
    /** A rule may use a quarter of one processor. */
    private static final int SHARE = 4;

    private record Debt(long nanos, long at) {}

    private final Map<RuleKey, Debt> debts = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    public CostGuard() {
        this(System::nanoTime);
    }

    CostGuard(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /** What one evaluation is charged that began then. A pause of the machine is not the fault of a rule. */
    long since(long begun) {
        return Math.min(nanoTime.getAsLong() - begun, LONGEST);
    }

    /** Whether {@code nanos} for one event or hit are so much that the rule is to be given up at once. */
    static boolean endless(long nanos) {
        return nanos > BURST;
    }

    /** Whether the rule has taken too much with {@code nanos} for so many events or hits. */
    boolean exceeds(RuleKey rule, long nanos, int count) {
        if (nanos < LONG * count) {
            return false;
        }
        long now = nanoTime.getAsLong();
        Debt after = debts.merge(rule, new Debt(nanos, now), (before, fresh) -> {
            long paid = Math.max(0, (now - before.at()) / SHARE);
            return new Debt(Math.max(0, before.nanos() - paid) + nanos, now);
        });
        if (after.nanos() > BURST) {
            debts.remove(rule);
            return true;
        }
        return false;
    }

    static String reason() {
        return "its conditions take more than " + 100 / SHARE + " % of a processor";
    }
}
