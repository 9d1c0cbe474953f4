package io.helix.api.rule;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A test of the value at a path. A test of the wrong type is false, never an error. */
public sealed interface ValueTest {
    /** @param value string, number, boolean or null; numbers compare by value, exactly */
    record Equal(JsonNode value) implements ValueTest {}

    /** Some value is there, and none of the values at the path passes any of these. */
    record AnythingBut(List<ValueTest> tests) implements ValueTest {
        public AnythingBut {
            tests = List.copyOf(tests);
        }
    }

    record Prefix(String text, boolean ignoreCase) implements ValueTest {}

    record Suffix(String text, boolean ignoreCase) implements ValueTest {}

    record EqualIgnoreCase(String text) implements ValueTest {}

    /** @param glob {@code *} stands for any run of characters; {@code \*} and {@code \\} for themselves */
    record Wildcard(String glob) implements ValueTest {}

    /** Bounds are exclusive unless said; null means unbounded. */
    record NumericRange(
            @Nullable BigDecimal low,
            boolean lowInclusive,
            @Nullable BigDecimal high,
            boolean highInclusive) implements ValueTest {}

    /** @param present whether the field must be there (true) or must not (false) */
    record Exists(boolean present) implements ValueTest {}

    /** @param block an IPv4 or IPv6 block such as {@code 10.0.0.0/8} */
    record Cidr(String block) implements ValueTest {}
}
