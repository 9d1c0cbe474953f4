package io.helix.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ValidationTest {
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void oneWrongDocumentOfManyIsFoundWithFewCalls() {
        List<PolicyText> texts = IntStream.range(0, 20_000)
                .mapToObj(i -> text("p" + i, i == 12_345 ? "wrong" : "right"))
                .toList();
        assertThat(validation().of(texts)).extracting(PolicyProblem::documentId).containsExactly("p12345");
        assertThat(calls.get()).isLessThan(50);
    }

    @Test
    void whenAllAreWrongItStopsSoon() {
        List<PolicyText> texts =
                IntStream.range(0, 20_000).mapToObj(i -> text("p" + i, "wrong")).toList();
        assertThat(validation().of(texts)).hasSize(ProblemList.MAX_IN_ALL + 1);
        assertThat(calls.get()).isLessThan(500);
    }

    @Test
    void aTextThatIsWrongOnlyAsAWholeIsRefused() {
        assertThat(validation().of(List.of(text("p", "right").unreadable())))
                .containsExactly(text("p", "right").problem("", "the text as a whole cannot be read"));
    }

    private Validation validation() {
        return new Validation(
                statements -> {
                    calls.incrementAndGet();
                    return statements.stream()
                            .noneMatch(statement -> statement.source().equals("wrong"));
                },
                one -> List.of(one.text().problem("", "is wrong")));
    }

    private static PolicyText text(String id, String text) {
        return PolicyText.of(id, text, List.of(text));
    }
}
