package io.helix.drools;

import static io.helix.drools.Samples.PROFILE;
import static io.helix.drools.Samples.event;
import static io.helix.drools.Samples.key;
import static io.helix.drools.Samples.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.event.Event;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.RuleKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ConcurrencyTest {
    private static final int TYPES = 20;

    private final DroolsRuleMatcher matcher = new DroolsRuleMatcher();

    @Test
    void lastingRulesMatchAndPutsAreSeenWholeWhileRulesComeAndGo() throws Exception {
        Map<RuleKey, Pattern> lasting = new HashMap<>();
        for (int i = 0; i < TYPES * 40; i++) {
            lasting.put(key("lasting" + i), pattern("{'type':'t" + i % TYPES + "','data':{'x':'v" + i + "'}}"));
        }
        matcher.put(lasting);
        AtomicBoolean writing = new AtomicBoolean(true);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int seed = i;
                readers.add(threads.submit(() -> read(seed, writing)));
            }
            try {
                changeRules();
            } finally {
                writing.set(false);
            }
            for (Future<Integer> reader : readers) {
                assertThat(reader.get()).isPositive();
            }
        }
        assertThat(matcher.size()).isEqualTo(lasting.size());
    }

    private void changeRules() {
        for (int round = 0; round < 200; round++) {
            Map<RuleKey, Pattern> passing = new HashMap<>();
            for (int i = 0; i < TYPES; i++) {
                passing.put(
                        key("passing" + i),
                        pattern("{'data':{'x':[{'prefix':'v'}],'r" + round + "':[{'exists':false}]}}"));
            }
            matcher.put(passing);
            matcher.remove(passing.keySet());
        }
    }

    private int read(int seed, AtomicBoolean writing) {
        int events = 0;
        for (int i = seed; writing.get() || events == 0; i++) {
            int n = i % (TYPES * 40);
            Event event = event("t" + n % TYPES, "{'x':['v" + n + "']}");
            List<RuleKey> found = matcher.match(PROFILE, event);
            Set<RuleKey> distinct = new HashSet<>(found);
            assertThat(distinct).contains(key("lasting" + n)).hasSize(found.size());
            assertThat(found.size()).isIn(1, 1 + TYPES);
            events++;
        }
        return events;
    }

    @Test
    void aRuleThatIsReplacedIsNeverMissing() throws Exception {
        List<Pattern> forms = List.of(
                pattern("{'type':'t0','data':{'x':'v'}}"),
                pattern("{'type':['t0','t1']}"),
                pattern("{'data':{'x':['u','v']}}"),
                pattern("{}"));
        matcher.put(Map.of(key("changing"), forms.get(0)));
        AtomicBoolean writing = new AtomicBoolean(true);
        Event event = event("t0", "{'x':'v'}");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> reader = threads.submit(() -> {
                int events = 0;
                for (; writing.get() || events == 0; events++) {
                    assertThat(matcher.match(PROFILE, event)).containsExactly(key("changing"));
                }
                return events;
            });
            try {
                for (int i = 0; i < 2_000; i++) {
                    matcher.put(Map.of(key("changing"), forms.get(i % forms.size())));
                }
            } finally {
                writing.set(false);
            }
            assertThat(reader.get()).isPositive();
        }
    }
}
