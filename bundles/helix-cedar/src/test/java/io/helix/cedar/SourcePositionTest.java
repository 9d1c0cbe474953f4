package io.helix.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SourcePositionTest {
    @Test
    void aPositionCountsLinesAndCharactersWhereCedarCountsBytes() {
        String text = "aé\n😀x";
        assertThat(SourcePosition.of(text, 0)).isEqualTo(new SourcePosition(1, 1));
        assertThat(SourcePosition.of(text, 3)).isEqualTo(new SourcePosition(1, 3));
        assertThat(SourcePosition.of(text, 4)).isEqualTo(new SourcePosition(2, 1));
        assertThat(SourcePosition.of(text, 8)).isEqualTo(new SourcePosition(2, 2));
        assertThat(SourcePosition.of(text, 999)).isEqualTo(new SourcePosition(2, 3));
    }
}
