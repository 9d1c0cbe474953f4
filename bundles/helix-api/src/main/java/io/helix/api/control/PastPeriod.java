package io.helix.api.control;

import io.helix.api.HelixException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A period that people ask about.
 *
 * @param to null for now
 */
public record PastPeriod(Instant from, @Nullable Instant to) {
    private static final String LAST_DAY = "24h";
    private static final Pattern BACK = Pattern.compile("([0-9]{1,6})([smhd])");

    /**
     * Reads RFC 3339 times, and durations back from {@code now} such as {@code 24h}.
     *
     * @param from null for the last 24 hours
     */
    public static PastPeriod parse(@Nullable String from, @Nullable String to, Instant now) {
        Instant begin = time("from", from == null ? LAST_DAY : from, now);
        Instant end = to == null ? null : time("to", to, now);
        if (!begin.isBefore(end == null ? now : end)) {
            throw HelixException.invalid("'from' is " + begin + ", which is not before "
                    + (end == null ? "now, " + now : "'to', " + end) + ": choose an earlier 'from'");
        }
        return new PastPeriod(begin, end);
    }

    private static Instant time(String what, String text, Instant now) {
        Matcher back = BACK.matcher(text);
        if (back.matches()) {
            return now.minus(duration(Long.parseLong(back.group(1)), back.group(2)));
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw HelixException.invalid("'" + what + "' must be a time such as 2026-11-24T10:15:30Z, or a duration"
                    + " back from now such as 30m, 24h or 7d, not '" + text + "'");
        }
    }

    private static Duration duration(long amount, String unit) {
        return switch (unit) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }
}
