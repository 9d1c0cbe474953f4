package io.helix.drools;

import static io.helix.drools.Samples.PROFILE;
import static io.helix.drools.Samples.event;
import static io.helix.drools.Samples.key;
import static io.helix.drools.Samples.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.helix.api.Health;
import io.helix.api.event.Event;
import io.helix.api.rule.ConditionReport;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.RuleKey;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
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
    void numbersAreEqualHoweverAnEventHoldsThem() {
        for (int i = 0; i < 10; i++) {
            put("n" + i, "{'data':{'n':" + i + "}}");
        }
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        List<JsonNode> sevens = List.of(
                nodes.numberNode((byte) 7),
                nodes.numberNode((short) 7),
                nodes.numberNode(7),
                nodes.numberNode(7L),
                nodes.numberNode(BigInteger.valueOf(7)),
                nodes.numberNode(7f),
                nodes.numberNode(7d),
                nodes.numberNode(new BigDecimal("7.00")));
        for (JsonNode seven : sevens) {
            assertThat(names(event("t", nodes.objectNode().set("n", seven)))).containsExactly("n7");
        }
    }

    @Test
    void decimalsAreEqualExactlyAlsoOnceTheyAreHashed() {
        for (int i = 0; i < 10; i++) {
            put("n" + i, "{'data':{'n':0." + i + "}}");
        }
        put("close", "{'data':{'n':0.10000000000000000001}}");

        assertThat(names(event("t", "{'n':0.1}"))).containsExactly("n1");
        assertThat(names(event("t", "{'n':1.00e-1}"))).containsExactly("n1");
        assertThat(names(event("t", "{'n':0.10000000000000000001}"))).containsExactly("close");
        assertThat(names(event("t", "{'n':0.10000000000000000002}"))).isEmpty();
    }

    @Test
    void stepsOfAPathAreNotMistakenForASeparator() {
        for (int i = 0; i < 10; i++) {
            put("one" + i, "{'data':{'a|b':'v" + i + "'}}");
            put("two" + i, "{'data':{'a':{'b':'v" + i + "'}}}");
        }
        assertThat(names(event("t", "{'a|b':'v1'}"))).containsExactly("one1");
        assertThat(names(event("t", "{'a':{'b':'v1'}}"))).containsExactly("two1");
    }

    @Test
    void theEmptyTypeIsATypeLikeOthers() {
        put("empty", "{'type':''}");
        assertThat(names(event("t", ""))).isEmpty();
    }

    @Test
    void alternativesAreFoundByHashAndAnEventWithSeveralReachesTheRuleOnce() {
        for (int i = 0; i < 100; i++) {
            put("r" + i, "{'type':['t','u'],'data':{'city':['c" + i + "','c" + (i + 1) + "'," + i + "]}}");
        }
        assertThat(names(event("t", "{'city':'c7'}"))).containsExactlyInAnyOrder("r6", "r7");
        assertThat(names(event("u", "{'city':7}"))).containsExactly("r7");
        assertThat(names(event("u", "{'city':['c7','c8',7,7.0,null,{}]}"))).containsExactlyInAnyOrder("r6", "r7", "r8");
        assertThat(names(event("v", "{'city':['c7','c8']}"))).isEmpty();
    }

    @Test
    void severalListsInOneEventAreEachFoundByHash() {
        for (int i = 0; i < 50; i++) {
            put("a" + i, "{'type':'t','data':{'a':'v" + i + "'}}");
            put("b" + i, "{'type':'t','data':{'b':'v" + i + "','a':{'wildcard':'*'}}}");
        }
        put("plain", "{'type':'t'}");
        assertThat(names(event("t", "{'a':['v1','v2'],'b':['v3','v4']}")))
                .containsExactlyInAnyOrder("a1", "a2", "b3", "b4", "plain");
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
                "[9007199254740993] | {'x':9007199254740992} | false",
                "[9007199254740993] | {'x':9007199254740993.0} | true",
                "[0.1] | {'x':0.10} | true",
                "[0.1] | {'x':0.10000000000000000001} | false",
                "[{'lte':0.3}] | {'x':0.30000000000000000001} | false",
                "[{'lt':-9007199254740992}] | {'x':-9007199254740993} | true",
                "[1e400] | {'x':10e399} | true",
                "[{'gt':1e400}] | {'x':1e401} | true",
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

    private void put(String name, String text) {
        matcher.put(Map.of(key(name), pattern(text)));
    }

    private List<String> names(Event event) {
        return matcher.match(PROFILE, event).stream().map(RuleKey::name).toList();
    }
}
