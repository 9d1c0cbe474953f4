package io.helix.drools;

import static io.helix.drools.Samples.event;
import static io.helix.drools.Samples.key;
import static io.helix.drools.Samples.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BucketTest {
    private static final Check HOLDS = view -> true;

    private final Bucket bucket = new Bucket(new Bucket.Place("t", null, null), Bucket.NO_SLOT, "b");
    private final Probe probe = new Probe(new View(new Slots(), event("t", "")));

    @Test
    void aRuleThatFailsKeepsNoOtherFromMatching() {
        bucket.change(
                Set.of(),
                List.of(
                        rule("before", HOLDS),
                        rule("fails", BucketTest::fail),
                        rule("overflows", BucketTest::overflow),
                        rule("fails-later", HOLDS, BucketTest::fail),
                        rule("after", HOLDS, HOLDS)));
        bucket.reach(probe);
        assertThat(probe.hits()).containsExactly(key("before"), key("after"));
    }

    private static LiveRule rule(String name, Check... checks) {
        return new LiveRule(key(name), pattern("{}"), List.of(checks), List.of(), List.of());
    }

    private static boolean fail(View view) {
        throw new IllegalStateException("cannot happen");
    }

    private static boolean overflow(View view) {
        throw new StackOverflowError("cannot happen either");
    }
}
