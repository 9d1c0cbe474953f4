package io.helix.runtime.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RunIdsTest {
    @Test
    void differentPartsHaveDifferentIds() {
        assertThat(List.of(
                        RunIds.of(List.of("a", "b")),
                        RunIds.of(List.of("ab")),
                        RunIds.of(List.of("a", "b", "")),
                        RunIds.of(List.of("?")),
                        RunIds.of(List.of("\ud800")),
                        RunIds.of(List.of("\ud801"))))
                .doesNotHaveDuplicates();
    }

    @Test
    void theSamePartsHaveTheSameId() {
        assertThat(RunIds.of(List.of("a", "\ud800"))).isEqualTo(RunIds.of(List.of("a", "\ud800")));
    }
}
