package io.helix.drools.situation;

import io.helix.api.rule.ValueTest.NumericRange;
import io.helix.api.situation.Hit;
import io.helix.api.situation.Match;
import io.helix.api.situation.Situation;
import io.helix.api.situation.Situation.Measure;
import io.helix.api.situation.Situation.Step;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Situations, hits and matches as short text. Times are seconds.
 *
 * <pre>
 * sequence a b&lt;5 !c&lt;3 within 10    c must not come within 3 after b
 * all a b within 10
 * any a b
 * SUM a >= 3 sliding 10             also: tumbling 10, ending 10
 * </pre>
 *
 * A hit is {@code 7a}, with a key {@code 7a/k}, with a value {@code 7a=1.5}; those of one event are joined with {@code &}.
 * A match is {@code 7:1a,3b}; of an aggregate {@code 7:3a=12}.
 */
final class Written {
    static final String RULE = "rule";

    private Written() {}

    static Situation situation(String text) {
        List<String> words = List.of(text.split(" +"));
        int within = words.indexOf("within");
        List<String> parts = words.subList(1, within < 0 ? words.size() : within);
        Duration length = within < 0 ? null : seconds(words.get(within + 1));
        return switch (words.get(0)) {
            case "sequence" ->
                new Situation.Sequence(parts.stream().map(Written::step).toList(), length);
            case "all" -> new Situation.All(parts, present(length));
            case "any" -> new Situation.Any(parts);
            default -> aggregate(words);
        };
    }

    private static Step step(String text) {
        String[] parts = text.replace("!", "").split("<");
        return new Step(parts[0], text.startsWith("!"), parts.length == 1 ? null : seconds(parts[1]));
    }

    private static Situation aggregate(List<String> words) {
        Duration length = seconds(words.get(5));
        Situation.Window window = switch (words.get(4)) {
            case "sliding" -> new Situation.Sliding(length);
            case "tumbling" -> new Situation.Tumbling(length, false);
            default -> new Situation.Tumbling(length, true);
        };
        BigDecimal bound = new BigDecimal(words.get(3));
        NumericRange range = switch (words.get(2)) {
            case ">=" -> new NumericRange(bound, true, null, false);
            case ">" -> new NumericRange(bound, false, null, false);
            case "<=" -> new NumericRange(null, false, bound, true);
            case "<" -> new NumericRange(null, false, bound, false);
            default -> new NumericRange(bound, true, bound, true);
        };
        return new Situation.Aggregate(words.get(1), Measure.valueOf(words.get(0)), range, window);
    }

    static Duration seconds(String text) {
        return Duration.ofMillis(millis(text));
    }

    static Instant time(String text) {
        return Instant.ofEpochMilli(millis(text));
    }

    private static long millis(String seconds) {
        return new BigDecimal(seconds).movePointRight(3).longValueExact();
    }

    /** All hits of one event. */
    static List<Hit> event(String text, long order) {
        return Arrays.stream(text.split("&")).map(hit -> hit(hit, order)).toList();
    }

    private static Hit hit(String text, long order) {
        String[] valued = text.split("=");
        String[] keyed = valued[0].split("/");
        String alias = keyed[0].replaceAll("[0-9.]", "");
        Instant time = time(keyed[0].replaceAll("[a-z]", ""));
        String key = keyed.length == 1 ? "" : keyed[1];
        return new Hit(RULE, alias, key, time, order, valued.length == 1 ? null : value(valued[1]), text);
    }

    private static Comparable<?> value(String text) {
        return Character.isLetter(text.charAt(0)) ? text : new BigDecimal(text);
    }

    static String text(List<Match> matches) {
        return matches.stream().map(Written::text).collect(Collectors.joining(" "));
    }

    private static String text(Match match) {
        String hits =
                new TreeMap<>(match.hits()).values().stream().map(Written::text).collect(Collectors.joining(","));
        Match.Measured measured = match.aggregate();
        return text(match.time()) + ":" + hits
                + (measured == null ? "" : "=" + measured.value().toPlainString());
    }

    private static String text(Hit hit) {
        return text(hit.time()) + hit.alias() + (hit.key().isEmpty() ? "" : "/" + hit.key());
    }

    private static String text(Instant time) {
        return BigDecimal.valueOf(time.toEpochMilli(), 3).stripTrailingZeros().toPlainString();
    }

    private static Duration present(@Nullable Duration length) {
        if (length == null) {
            throw new IllegalArgumentException("within is missing");
        }
        return length;
    }
}
