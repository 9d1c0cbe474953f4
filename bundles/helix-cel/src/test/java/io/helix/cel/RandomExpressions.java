package io.helix.cel;

import io.helix.api.event.Event;
import io.helix.sdk.testing.rule.RandomPatterns;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Expressions over {@code event} at random, with the paths and values that random events have. */
final class RandomExpressions {
    private static final List<String> COMPARISONS = List.of("==", "!=", "<", "<=", ">", ">=");

    private final RandomPatterns random;

    RandomExpressions(long seed) {
        random = new RandomPatterns(seed);
    }

    Event event() {
        return random.event();
    }

    String expression() {
        return expression(3);
    }

    private String expression(int depth) {
        if (depth == 0 || random.oncePer(3)) {
            return atom();
        }
        return switch (random.one(List.of("and", "and", "or", "or", "not"))) {
            case "and" -> "(" + expression(depth - 1) + " && " + expression(depth - 1) + ")";
            case "or" -> "(" + expression(depth - 1) + " || " + expression(depth - 1) + ")";
            default -> "!(" + expression(depth - 1) + ")";
        };
    }

    private String atom() {
        return switch (random.one(List.of("compare", "compare", "compare", "in", "affix", "has", "flag", "other"))) {
            case "compare" -> comparison();
            case "in" ->
                path() + " in [" + Stream.generate(this::literal).limit(3).collect(Collectors.joining(", ")) + "]";
            case "affix" -> path() + random.one(List.of(".startsWith(", ".endsWith(")) + quoted(random.text()) + ")";
            case "has" -> "has(" + dotted() + ")";
            case "flag" -> path();
            default -> random.one(List.of("true", path() + " == " + path(), "size(" + path() + ") > 1"));
        };
    }

    private String comparison() {
        String operator = random.one(COMPARISONS);
        boolean ordered = operator.length() == 1 || operator.equals("<=") || operator.equals(">=");
        String literal = ordered ? number() : literal();
        return random.oncePer(3) ? literal + " " + operator + " " + path() : path() + " " + operator + " " + literal;
    }

    private String literal() {
        return random.oncePer(2)
                ? number()
                : random.one(List.of(quoted(random.text()), quoted(random.type()), "true", "false", "null"));
    }

    /** Of those that CEL can write. */
    private String number() {
        BigDecimal number = new BigDecimal(random.number());
        boolean whole = number.scale() == 0 && number.precision() < 19;
        String text = whole ? number.toPlainString() : Double.toString(number.doubleValue());
        return Double.isFinite(number.doubleValue()) ? text : "9223372036854775807";
    }

    private String dotted() {
        return "event."
                + random.path().stream().filter(step -> !step.contains(".")).collect(Collectors.joining("."));
    }

    private String path() {
        return "event"
                + random.path().stream()
                        .map(step -> random.oncePer(3) || step.contains(".") ? "[" + quoted(step) + "]" : "." + step)
                        .collect(Collectors.joining());
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\") + "'";
    }
}
