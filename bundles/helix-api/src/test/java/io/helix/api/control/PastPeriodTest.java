package io.helix.api.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PastPeriodTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:15:30Z");

    @ParameterizedTest
    @CsvSource({
        "45s, 2026-11-24T10:14:45Z",
        "30m, 2026-11-24T09:45:30Z",
        "24h, 2026-11-23T10:15:30Z",
        "7d, 2026-11-17T10:15:30Z",
        "2026-11-24T00:00:00Z, 2026-11-24T00:00:00Z",
        "2026-11-24T00:00:00.5+01:00, 2026-11-23T23:00:00.5Z"
    })
    void readsTimesAndDurationsBackFromNow(String text, Instant from) {
        assertThat(PastPeriod.parse(text, null, NOW)).isEqualTo(new PastPeriod(from, null));
    }

    @Test
    void isTheLastDayUnlessSaidOtherwise() {
        assertThat(PastPeriod.parse(null, "1h", NOW))
                .isEqualTo(
                        new PastPeriod(Instant.parse("2026-11-23T10:15:30Z"), Instant.parse("2026-11-24T09:15:30Z")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "24", "-1h", "1w", "1h ", "2026-11-24", "2026-11-24T10:15:30", "9999999d"})
    void refusesWhatIsNeitherAndSaysWhatIs(String text) {
        assertThatThrownBy(() -> PastPeriod.parse(text, null, NOW))
                .hasMessageContaining("'from' must be a time such as")
                .hasMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({"1h,2h", "1h,1h", "0s,", "2027-01-01T00:00:00Z,"})
    void beginsBeforeItEnds(String from, String to) {
        assertThatThrownBy(() -> PastPeriod.parse(from, to, NOW)).hasMessageContaining("choose an earlier 'from'");
    }
}
