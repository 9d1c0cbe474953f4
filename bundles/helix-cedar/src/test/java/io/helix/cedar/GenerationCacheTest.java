package io.helix.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GenerationCacheTest {
    @Test
    void itStaysSmallAndKeepsWhatIsAskedFor() {
        GenerationCache<Integer, String> cache = new GenerationCache<>(100);
        cache.put(-1, "wanted");
        for (int i = 0; i < 10_000; i++) {
            cache.put(i, "value " + i);
            assertThat(cache.get(-1)).isEqualTo("wanted");
            assertThat(cache.size()).isLessThanOrEqualTo(201);
        }
        assertThat(cache.get(9_999)).isEqualTo("value 9999");
        assertThat(cache.get(0)).isNull();
    }
}
