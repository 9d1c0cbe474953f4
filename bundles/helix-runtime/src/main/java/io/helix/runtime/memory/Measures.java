package io.helix.runtime.memory;

import io.helix.api.rule.ValueTest;
import io.helix.api.situation.Hit;
import io.helix.api.situation.Situation;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Measures of a few hits, worked out from scratch, to explain them. */
final class Measures {
    private Measures() {}

    static Optional<BigDecimal> of(Situation.Measure measure, List<Hit> hits) {
        List<BigDecimal> numbers = hits.stream()
                .map(Hit::value)
                .filter(BigDecimal.class::isInstance)
                .map(BigDecimal.class::cast)
                .toList();
        return switch (measure) {
            case COUNT -> Optional.of(BigDecimal.valueOf(hits.size()));
            case DISTINCT ->
                Optional.of(BigDecimal.valueOf(
                        hits.stream().map(Hit::value).distinct().count()));
            case SUM -> numbers.stream().reduce(BigDecimal::add);
            case AVG ->
                numbers.stream()
                        .reduce(BigDecimal::add)
                        .map(sum -> sum.divide(BigDecimal.valueOf(numbers.size()), MathContext.DECIMAL128));
            case MIN -> numbers.stream().min(Comparator.naturalOrder());
            case MAX -> numbers.stream().max(Comparator.naturalOrder());
        };
    }

    static String wanted(ValueTest.NumericRange range) {
        Stream<String> low =
                range.low() == null ? Stream.empty() : Stream.of((range.lowInclusive() ? ">= " : "> ") + range.low());
        Stream<String> high = range.high() == null
                ? Stream.empty()
                : Stream.of((range.highInclusive() ? "<= " : "< ") + range.high());
        return Stream.concat(low, high).collect(Collectors.joining(" and "));
    }
}
