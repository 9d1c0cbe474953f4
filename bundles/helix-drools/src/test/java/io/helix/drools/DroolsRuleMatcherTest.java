package io.helix.drools;

import static io.helix.drools.Samples.PROFILE;
import static io.helix.drools.Samples.event;
import static io.helix.drools.Samples.key;
import static io.helix.drools.Samples.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.Health;
import io.helix.api.event.Event;
import io.helix.api.rule.ConditionReport;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.RuleKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DroolsRuleMatcherTest {
    private final DroolsRuleMatcher matcher = new DroolsRuleMatcher();

    @Test
    void eventReachesExactlyTheRulesItMatches() {
        put("bugs", "{'type':'issue.opened','data':{'label':'bug'}}");
        put("all-issues", "{'type':['issue.opened','issue.closed']}");
        put("closed", "{'type':'issue.closed'}");
        put("everything", "{}");

        assertThat(names(event("issue.opened", "{'label':'bug'}")))
                .containsExactlyInAnyOrder("bugs", "all-issues", "everything");
        assertThat(names(event("other", ""))).containsExactly("everything");
    }

    @Test
    void textAndNumberOfTheSameLookAreTwoRules() {
        put("text", "{'data':{'f':'5'}}");
        put("number", "{'data':{'f':5}}");

        assertThat(names(event("t", "{'f':5}"))).containsExactly("number");
        assertThat(names(event("t", "{'f':'5'}"))).containsExactly("text");
    }

    @Test
    void fieldsWhoseNamesHaveEqualHashesDoNotDisturbEachOther() {
        assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
        for (int i = 0; i < 10; i++) {
            put("a" + i, "{'data':{'Aa':'v" + i + "'}}");
            put("b" + i, "{'data':{'BB':'v" + i + "'}}");
        }
        for (int i = 0; i < 10; i++) {
            assertThat(names(event("t", "{'Aa':'v" + i + "'}"))).containsExactly("a" + i);
            assertThat(names(event("t", "{'BB':'v" + i + "'}"))).containsExactly("b" + i);
        }
    }

    @Test
    void numbersAreEqualByValueAlsoOnceTheyAreHashed() {
        for (int i = 0; i < 100; i++) {
            put("n" + i, "{'data':{'n':" + i + "}}");
        }
        put("big", "{'data':{'n':9007199254740993}}");
        put("huge", "{'data':{'n':123456789012345678901234567890}}");

        assertThat(names(event("t", "{'n':7}"))).containsExactly("n7");
        assertThat(names(event("t", "{'n':7.0}"))).containsExactly("n7");
        assertThat(names(event("t", "{'n':70e-1}"))).containsExactly("n7");
        assertThat(names(event("t", "{'n':0.7e1}"))).containsExactly("n7");
        assertThat(names(event("t", "{'n':-0.0}"))).containsExactly("n0");
        assertThat(names(event("t", "{'n':9007199254740993.0}"))).containsExactly("big");
        assertThat(names(event("t", "{'n':9007199254740992}"))).isEmpty();
        assertThat(names(event("t", "{'n':123456789012345678901234567890.0}"))).containsExactly("huge");
    }

    @Test
    void textInARangeFieldHidesNothing() {
        for (int i = 0; i < 10; i++) {
            put("range" + i, "{'data':{'n':[{'gt':" + i + "}]}}");
        }
        put("other", "{'data':{'ok':true}}");

        assertThat(names(event("t", "{'n':'hostile','ok':true}"))).containsExactly("other");
        assertThat(names(event("t", "{'n':{'x':1},'ok':true}"))).containsExactly("other");
        assertThat(names(event("t", "{'n':[null,3.5],'ok':true}")))
                .containsExactlyInAnyOrder("range0", "range1", "range2", "range3", "other");
    }

    @Test
    void anyElementOfAnArrayIsEnoughAlsoWhereRulesAreHashed() {
        for (int i = 0; i < 100; i++) {
            put("label" + i, "{'type':'issue','data':{'labels':'l" + i + "'}}");
            put("part" + i, "{'data':{'parts':{'id':" + i + "}}}");
        }
        assertThat(names(event("issue", "{'labels':['l1',['l2',[['l3']]],4,'zz']}")))
                .containsExactlyInAnyOrder("label1", "label2", "label3");
        assertThat(names(event("issue", "{'labels':['l1','l1']}"))).containsExactly("label1");
        assertThat(names(event("other", "{'labels':['l1','l2'],'parts':[{'id':5},{'id':'6'},{'id':[7]}]}")))
                .containsExactlyInAnyOrder("part5", "part7");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{'anything-but':['a','b']}] | {'x':'c'} | true",
                "[{'anything-but':['a','b']}] | {'x':'a'} | false",
                "[{'anything-but':['a','b']}] | {} | false",
                "[{'anything-but':['a','b']}] | {'x':['c','a']} | false",
                "[{'anything-but':['a','b']}] | {'x':[]} | false",
                "[{'anything-but':'a'},'a'] | {'x':['c','a']} | true",
                "[{'exists':true}] | {'x':null} | true",
                "[{'exists':true}] | {'x':{}} | true",
                "[{'exists':true}] | {'x':[]} | false",
                "[{'exists':false}] | {} | true",
                "[{'exists':false},'a'] | {'x':'a'} | true",
                "[{'exists':false}] | {'x':1} | false",
                "[null] | {'x':null} | true",
                "[null] | {} | false",
                "[true] | {'x':'true'} | false",
                "[{'prefix':'ab'}] | {'x':'abc'} | true",
                "[{'prefix':{'equals-ignore-case':'AB'}}] | {'x':'abc'} | true",
                "[{'suffix':'bc'}] | {'x':'abc'} | true",
                "[{'suffix':'abcd'}] | {'x':'bcd'} | false",
                "[{'wildcard':'a*c*e'}] | {'x':'abcde'} | true",
                "[{'wildcard':'a*a'}] | {'x':'a'} | false",
                "[{'wildcard':'*'}] | {'x':''} | true",
                "[{'wildcard':'a*b*b'}] | {'x':'ab'} | false",
                "[{'equals-ignore-case':'ABC'}] | {'x':'abc'} | true",
                "[{'cidr':'10.0.0.0/8'}] | {'x':'10.1.2.3'} | true",
                "[{'cidr':'10.0.0.0/8'}] | {'x':'ten'} | false",
                "[{'gte':5,'lt':10}] | {'x':5} | true",
                "[{'gte':5,'lt':10}] | {'x':10} | false",
                "[{'gt':9007199254740992}] | {'x':9007199254740993} | true",
                "[{'gt':0.1}] | {'x':0.1000000000000000000000000001} | true",
                "[{'lt':5}] | {'x':'4'} | false"
            })
    void eachTestMeansWhatItSays(String tests, String data, boolean matches) {
        put("r", "{'type':'t','data':{'x':" + tests + "}}");
        assertThat(names(event("t", data))).hasSize(matches ? 1 : 0);
    }

    @Test
    void envelopeAndExtensionsAreMatchedToo() {
        put("r", "{'source':{'prefix':'/a'},'subject':'s','id':'7','helixdepth':'2','time':{'prefix':'2026-'}}");
        Event event = new Event(
                "7",
                "/a/b",
                "t",
                "s",
                Instant.parse("2026-01-01T00:00:00Z"),
                Map.of("helixdepth", "2"),
                Samples.json("{}"));
        assertThat(names(event)).containsExactly("r");
        assertThat(names(event("t", "{}"))).isEmpty();
    }

    @Test
    void replacedRuleMatchesTheNewPatternOnly() {
        put("r", "{'type':'a'}");
        put("r", "{'type':['b','c']}");
        assertThat(names(event("a", ""))).isEmpty();
        assertThat(names(event("c", ""))).containsExactly("r");
        assertThat(matcher.size()).isEqualTo(1);
    }

    @Test
    void removedRulesLeaveNothingBehind() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 100; i++) {
                put("r" + i, "{'type':'t','data':{'x" + i + "':'v" + i + "'}}");
            }
            assertThat(names(event("t", "{'x3':'v3','x4':['v4','v5']}"))).containsExactlyInAnyOrder("r3", "r4");
            for (int i = 0; i < 100; i++) {
                matcher.remove(List.of(key("r" + i)));
            }
            assertThat(matcher.size()).isZero();
            assertThat(names(event("t", "{'x3':'v3'}"))).isEmpty();
        }
    }

    @Test
    void profilesDoNotSeeEachOther() {
        RuleKey elsewhere = new RuleKey("work", "r");
        matcher.put(Map.of(key("r"), pattern("{'type':'t'}"), elsewhere, pattern("{'type':'t'}")));
        assertThat(matcher.match("work", event("t", ""))).containsExactly(elsewhere);
        assertThat(matcher.match("nobody", event("t", ""))).isEmpty();
        assertThat(matcher.size()).isEqualTo(2);
    }

    @Test
    void explanationSaysWhatWasAskedAndSeen() {
        Pattern pattern = pattern("{'type':'t','data':{'a':[{'prefix':'x'},3],'$or':[{'b':1},{'c':2}]}}");
        List<ConditionReport> reports = matcher.explain(pattern, event("t", "{'c':2}"));
        assertThat(reports).extracting(ConditionReport::path).containsExactly("type", "data.a", "$or");
        assertThat(reports).extracting(ConditionReport::passed).containsExactly(true, false, true);
        assertThat(reports.get(1).test()).isEqualTo("prefix \"x\" or equals 3");
        assertThat(reports.get(1).absent()).isTrue();
        assertThat(reports.get(2).test()).isEqualTo("(data.b equals 1 or data.c equals 2)");
        assertThat(reports.get(2).value()).hasToString("{\"data.c\":2}");
    }

    @Test
    void healthIsUpOnceTheEngineHasWorked() {
        put("r", "{'type':'t'}");
        assertThat(matcher.health().state()).isEqualTo(Health.State.UP);
    }

    @Test
    void oneMoreRuleAmongTenThousandIsLiveInLessThanTwentyMilliseconds() {
        Map<RuleKey, Pattern> many = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            many.put(key("r" + i), pattern("{'type':'t" + i % 1000 + "','data':{'x':" + i + "}}"));
        }
        matcher.put(many);
        long[] nanos = new long[21];
        for (int i = 0; i < nanos.length; i++) {
            Map<RuleKey, Pattern> one = Map.of(key("new" + i), pattern("{'type':'t1','data':{'y':" + i + "}}"));
            long start = System.nanoTime();
            matcher.put(one);
            nanos[i] = System.nanoTime() - start;
        }
        java.util.Arrays.sort(nanos);
        assertThat(nanos[nanos.length / 2] / 1e6).as("median ms").isLessThan(20);
        assertThat(names(event("t1", "{'y':20}"))).containsExactly("new20");
    }

    private void put(String name, String text) {
        matcher.put(Map.of(key(name), pattern(text)));
    }

    private List<String> names(Event event) {
        return matcher.match(PROFILE, event).stream().map(RuleKey::name).toList();
    }
}
