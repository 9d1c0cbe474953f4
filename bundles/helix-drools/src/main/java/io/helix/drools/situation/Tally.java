package io.helix.drools.situation;

import io.helix.api.situation.Situation.Measure;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The measure of some hits. A hit can be taken out again without looking at the others. */
sealed interface Tally {
    void add(@Nullable Comparable<?> value);

    void remove(@Nullable Comparable<?> value);

    /** Null when there is nothing to be measured. Equal for equal hits, whatever was there in between. */
    @Nullable
    BigDecimal value();

    static Tally of(Measure measure) {
        return switch (measure) {
            case COUNT -> new Count();
            case SUM -> new Sum();
            case AVG -> new Average();
            case MIN -> new Extreme(false);
            case MAX -> new Extreme(true);
            case DISTINCT -> new Distinct();
        };
    }

    final class Count implements Tally {
        private long count;

        @Override
        public void add(@Nullable Comparable<?> value) {
            count++;
        }

        @Override
        public void remove(@Nullable Comparable<?> value) {
            count--;
        }

        @Override
        public BigDecimal value() {
            return BigDecimal.valueOf(count);
        }
    }

    final class Sum implements Tally {
        private BigDecimal sum = BigDecimal.ZERO;

        @Override
        public void add(@Nullable Comparable<?> value) {
            sum = sum.add(Values.number(value));
        }

        @Override
        public void remove(@Nullable Comparable<?> value) {
            sum = sum.subtract(Values.number(value));
        }

        @Override
        public BigDecimal value() {
            return Values.plain(sum);
        }
    }

    final class Average implements Tally {
        private BigDecimal sum = BigDecimal.ZERO;
        private long count;

        @Override
        public void add(@Nullable Comparable<?> value) {
            sum = sum.add(Values.number(value));
            count++;
        }

        @Override
        public void remove(@Nullable Comparable<?> value) {
            sum = sum.subtract(Values.number(value));
            count--;
        }

        @Override
        public @Nullable BigDecimal value() {
            return count == 0
                    ? null
                    : Values.plain(Values.plain(sum).divide(BigDecimal.valueOf(count), MathContext.DECIMAL128));
        }
    }

    final class Extreme implements Tally {
        private final TreeMap<BigDecimal, Integer> values = new TreeMap<>();
        private final boolean largest;

        Extreme(boolean largest) {
            this.largest = largest;
        }

        @Override
        public void add(@Nullable Comparable<?> value) {
            values.merge(Values.number(value), 1, Integer::sum);
        }

        @Override
        public void remove(@Nullable Comparable<?> value) {
            values.computeIfPresent(Values.number(value), (number, times) -> times == 1 ? null : times - 1);
        }

        @Override
        public @Nullable BigDecimal value() {
            if (values.isEmpty()) {
                return null;
            }
            return Values.plain(largest ? values.lastKey() : values.firstKey());
        }
    }

    final class Distinct implements Tally {
        private final Map<Object, Integer> values = new HashMap<>();

        @Override
        public void add(@Nullable Comparable<?> value) {
            values.merge(Values.identity(value), 1, Integer::sum);
        }

        @Override
        public void remove(@Nullable Comparable<?> value) {
            values.computeIfPresent(Values.identity(value), (same, times) -> times == 1 ? null : times - 1);
        }

        @Override
        public BigDecimal value() {
            return BigDecimal.valueOf(values.size());
        }
    }
}
