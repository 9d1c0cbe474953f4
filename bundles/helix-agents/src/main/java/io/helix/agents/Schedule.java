package io.helix.agents;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.helix.api.HelixException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A series of instants. */
sealed interface Schedule {
    // Each reaches about sixty times further back than the one before: no search takes more than some thousand steps.
    List<Duration> LOOK_BACK = List.of(
            Duration.ofMinutes(2),
            Duration.ofHours(2),
            Duration.ofDays(4),
            Duration.ofDays(200),
            Duration.ofDays(3660));

    /** The first one after {@code instant}. */
    Optional<Instant> after(Instant instant);

    /** The newest {@code limit} ones after {@code from} up to {@code until}, oldest first. */
    default List<Instant> between(Instant from, Instant until, int limit) {
        List<Instant> found = List.of();
        for (Duration lookBack : LOOK_BACK) {
            Instant begin = until.minus(lookBack);
            boolean whole = !begin.isAfter(from);
            found = newest(whole ? from : begin, until, limit);
            if (whole || found.size() == limit) {
                return found;
            }
        }
        return found;
    }

    private List<Instant> newest(Instant from, Instant until, int limit) {
        Deque<Instant> found = new ArrayDeque<>();
        Optional<Instant> next = after(from);
        while (next.isPresent() && !next.get().isAfter(until)) {
            found.add(next.get());
            if (found.size() > limit) {
                found.removeFirst();
            }
            next = after(next.get());
        }
        return List.copyOf(found);
    }

    static Schedule every(Duration interval) {
        if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
            throw HelixException.invalid("every must be at least 1s");
        }
        return new Every(interval);
    }

    static Schedule cron(String expression, ZoneId zone) {
        boolean seconds = expression.strip().split("\\s+").length == 6;
        Schedule schedule;
        try {
            CronDefinition definition =
                    seconds ? withSeconds() : CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX);
            schedule = new Cron(
                    ExecutionTime.forCron(
                            new CronParser(definition).parse(expression.strip()).validate()),
                    zone);
        } catch (IllegalArgumentException e) {
            throw HelixException.invalid("cron '" + expression + "' is not valid: " + e.getMessage());
        }
        if (schedule.after(Instant.EPOCH).isEmpty()) {
            throw HelixException.invalid("cron '" + expression + "' never fires");
        }
        return schedule;
    }

    /** As UNIX cron, with a field for seconds before the others. */
    private static CronDefinition withSeconds() {
        return CronDefinitionBuilder.defineCron()
                .withSeconds()
                .withValidRange(0, 59)
                .and()
                .withMinutes()
                .withValidRange(0, 59)
                .and()
                .withHours()
                .withValidRange(0, 23)
                .and()
                .withDayOfMonth()
                .withValidRange(1, 31)
                .and()
                .withMonth()
                .withValidRange(1, 12)
                .and()
                .withDayOfWeek()
                .withValidRange(0, 7)
                .withMondayDoWValue(1)
                .withIntMapping(7, 0)
                .and()
                .instance();
    }

    /** Aligned to 1970, so that every node and every restart agrees on the instants. */
    record Every(Duration interval) implements Schedule {
        @Override
        public Optional<Instant> after(Instant instant) {
            long step = interval.toMillis();
            return Optional.of(Instant.ofEpochMilli((Math.floorDiv(instant.toEpochMilli(), step) + 1) * step));
        }
    }

    /** Only ever asked for the next one: in the hour that a zone repeats, the library's way back is another one. */
    record Cron(ExecutionTime times, ZoneId zone) implements Schedule {
        @Override
        public Optional<Instant> after(Instant instant) {
            return times.nextExecution(instant.atZone(zone)).map(ZonedDateTime::toInstant);
        }
    }
}
