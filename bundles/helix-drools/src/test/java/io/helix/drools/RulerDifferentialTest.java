package io.helix.drools;

import static io.helix.drools.Samples.PROFILE;
import static io.helix.drools.Samples.json;
import static io.helix.drools.Samples.key;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.PatternParser;
import io.helix.api.rule.RuleKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import software.amazon.event.ruler.Machine;

/**
 * Against the implementation that Amazon EventBridge uses, where we promise the same: patterns and events without
 * arrays of objects, {@code anything-but} over arrays, and {@code exists} on objects. Every rule
 * has a machine of its own: with all rules in one, event-ruler 2.1.0 gave answers here that are wrong by its own
 * documentation, a match too many for {@code equals-ignore-case} and a lost array element.
 */
class RulerDifferentialTest {
    private static final String[] LEAVES = {
        "['a']",
        "['a','b',5]",
        "[5.0]",
        "[true,null]",
        "[{'prefix':'a'}]",
        "[{'prefix':{'equals-ignore-case':'A'}}]",
        "[{'suffix':'b'}]",
        "[{'suffix':{'equals-ignore-case':'B'}}]",
        "[{'equals-ignore-case':'AB'}]",
        "[{'wildcard':'a*b'}]",
        "[{'wildcard':'*\\\\*'}]",
        "[{'exists':true}]",
        "[{'exists':false}]",
        "[{'numeric':['>',1,'<=',5]}]",
        "[{'numeric':['=',5]}]",
        "[{'numeric':['<',0]}]",
        "[{'cidr':'10.0.0.0/8'}]"
    };
    private static final String[] SCALAR_ONLY = {
        "[{'anything-but':['a','b']}]",
        "[{'anything-but':[5]}]",
        "[{'anything-but':{'prefix':'a'}}]",
        "[{'anything-but':{'suffix':['b','x']}}]",
        "[{'anything-but':{'equals-ignore-case':'AB'}}]",
        "[{'anything-but':{'wildcard':'a*'}}]"
    };
    private static final String[] SCALARS = {
        "'a'",
        "'b'",
        "'ab'",
        "'aB'",
        "'axb'",
        "'x*'",
        "'5'",
        "5",
        "5.0",
        "1",
        "1.5",
        "-3",
        "true",
        "null",
        "'10.1.2.3'",
        "''"
    };

    private final Random random = new Random(11);
    private final DroolsRuleMatcher matcher = new DroolsRuleMatcher();

    @Test
    void eventRulerAndTheNetworkAgree() throws Exception {
        Map<String, Machine> machines = new HashMap<>();
        Map<RuleKey, Pattern> patterns = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            String text = rule();
            Machine machine = Machine.builder().build();
            machine.addRule("r" + i, text.replace('\'', '"'));
            machines.put("r" + i, machine);
            patterns.put(key("r" + i), PatternParser.parse(json(text), "match"));
        }
        matcher.put(patterns);
        long hits = 0;
        for (int i = 0; i < 1_000; i++) {
            String text = event();
            hits += assertAgreement(machines, patterns, text);
        }
        assertThat(hits).isGreaterThan(1_000);
    }

    private int assertAgreement(Map<String, Machine> machines, Map<RuleKey, Pattern> patterns, String text)
            throws Exception {
        JsonNode event = json(text);
        TreeSet<String> ours = new TreeSet<>();
        List<RuleKey> found =
                matcher.match(PROFILE, Samples.event(event.get("type").textValue(), event.get("data")));
        found.forEach(key -> ours.add(key.name()));
        TreeSet<String> theirs = new TreeSet<>();
        for (Machine machine : machines.values()) {
            theirs.addAll(machine.rulesForJSONEvent(text.replace('\'', '"')));
        }
        if (!ours.equals(theirs)) {
            TreeSet<String> different = new TreeSet<>(ours);
            different.addAll(theirs);
            different.removeIf(name -> ours.contains(name) && theirs.contains(name));
            assertThat(different)
                    .as(
                            "%s against %s, only ours: %s",
                            text, patterns.get(key(different.first())), ours.contains(different.first()))
                    .isEmpty();
        }
        return found.size();
    }

    private String rule() {
        StringBuilder rule = new StringBuilder("{'type':['t" + random.nextInt(5) + "'],'data':{");
        rule.append("'p':").append(one(LEAVES));
        if (random.nextBoolean()) {
            rule.append(",'q':").append(random.nextBoolean() ? one(LEAVES) : one(SCALAR_ONLY));
        }
        if (random.nextInt(3) == 0) {
            rule.append(",'n':{'m':").append(one(SCALAR_ONLY)).append('}');
        }
        if (random.nextInt(4) == 0) {
            rule.append(",'$or':[{'o':")
                    .append(one(LEAVES))
                    .append("},{'u':")
                    .append(one(LEAVES))
                    .append("}]");
        }
        return rule.append("}}").toString();
    }

    private String event() {
        StringBuilder event = new StringBuilder("{'type':'t" + random.nextInt(5) + "','data':{'z':1");
        if (random.nextInt(5) > 0) {
            event.append(",'p':")
                    .append(random.nextInt(4) == 0 ? "[" + one(SCALARS) + "," + one(SCALARS) + "]" : one(SCALARS));
        }
        for (String name : List.of("q", "o", "u")) {
            if (random.nextInt(5) > 0) {
                event.append(",'").append(name).append("':").append(one(SCALARS));
            }
        }
        if (random.nextInt(4) > 0) {
            event.append(",'n':{'m':").append(one(SCALARS)).append('}');
        }
        return event.append("}}").toString();
    }

    private String one(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
