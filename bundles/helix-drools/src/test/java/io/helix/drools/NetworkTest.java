package io.helix.drools;

import static io.helix.drools.Samples.event;
import static io.helix.drools.Samples.key;
import static io.helix.drools.Samples.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.rule.Pattern;
import io.helix.api.rule.RuleKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NetworkTest {
    private static final int RULES = 3_000;

    private final Network network = new Network("home");

    @Test
    void rulesThatComeChangeAndGoByThousandsLeaveNothingBehind() {
        Random random = new Random(6);
        RandomSamples samples = new RandomSamples(6);
        Set<RuleKey> there = new HashSet<>();
        for (int round = 0; round < 3; round++) {
            Map<RuleKey, Pattern> many = new HashMap<>();
            for (int i = 0; i < RULES; i++) {
                many.put(key("r" + i), random.nextBoolean() ? samples.pattern() : spread(i + round));
            }
            network.put(many);
            there.addAll(many.keySet());
            for (int i = 0; i < RULES / 6; i++) {
                RuleKey one = key("r" + random.nextInt(RULES));
                if (random.nextBoolean()) {
                    network.remove(List.of(one));
                    there.remove(one);
                } else {
                    network.put(Map.of(one, spread(random.nextInt(RULES))));
                    there.add(one);
                }
            }
            assertThat(network.size()).isEqualTo(there.size());
        }
        network.remove(there);
        assertThat(network.footprint()).isEqualTo(new Network.Footprint(0, 0, 0, 0, 0, 0));
        assertThat(network.size()).isZero();
        assertThat(network.match(event("t", "{'x1':'v1'}"))).isEmpty();
    }

    /** Over types with few rules and with many, and over many paths. */
    private static Pattern spread(int i) {
        String type = i % 2 == 0 ? "'few" + i / 8 + "'" : "['many','much']";
        return pattern("{'type':" + type + ",'data':{'x" + i % 40 + "':['v" + i + "'," + i + "]}}");
    }

    @Test
    void aFewRulesOfATypeShareOneRuleOfDrools() {
        Map<RuleKey, Pattern> rules = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            rules.put(key("r" + i), pattern("{'type':'t" + i % 10 + "','data':{'x':'v" + i + "'}}"));
        }
        network.put(rules);
        assertThat(network.footprint().droolsRules()).isEqualTo(10);
    }

    @Test
    void puttingTheSameAgainChangesNothing() {
        Map<RuleKey, Pattern> rules = Map.of(key("r"), pattern("{'type':'t','data':{'x':'v'}}"));
        network.put(rules);
        Network.Footprint before = network.footprint();
        network.put(rules);
        network.put(Map.of());
        network.remove(List.of(key("nobody")));
        assertThat(network.footprint()).isEqualTo(before);
        assertThat(network.match(event("t", "{'x':'v'}"))).containsExactly(key("r"));
    }
}
