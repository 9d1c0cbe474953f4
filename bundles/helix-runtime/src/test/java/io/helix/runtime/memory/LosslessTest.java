package io.helix.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LosslessTest {
    private static final char[] CHARACTERS = {
        'a', '?', '\u00e9', '\ud7ff', '\ue000', '\uffff', '\ud800', '\udbff', '\udc00', '\udfff'
    };

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "\u00e9\u20ac", "\ud83d\ude00", "\ud7ff\ue000"})
    void wellFormedTextIsUtf8(String text) {
        assertThat(Lossless.bytes(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        assertThat(Lossless.text(Lossless.bytes(text))).isEqualTo(text);
    }

    @Test
    void everyTextComesBackAsItWasAndNoTwoAreTheSame() {
        Random random = new Random(7);
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(6); length > 0; length--) {
                text.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
            }
            texts.add(text.toString());
        }

        Set<List<Byte>> written = new HashSet<>();
        for (String text : texts) {
            assertThat(Lossless.text(Lossless.bytes(text))).isEqualTo(text);
            written.add(list(Lossless.bytes(text)));
        }
        assertThat(written).hasSameSizeAs(texts);
    }

    private static List<Byte> list(byte[] bytes) {
        List<Byte> list = new ArrayList<>();
        for (byte one : bytes) {
            list.add(one);
        }
        return list;
    }
}
