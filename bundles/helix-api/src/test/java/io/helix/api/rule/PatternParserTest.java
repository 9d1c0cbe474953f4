package io.helix.api.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.Problem;
import io.helix.api.rule.Condition.AllOf;
import io.helix.api.rule.Condition.AnyOf;
import io.helix.api.rule.Condition.Field;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatternParserTest {
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void scalarIsTheSameAsAListOfOne() throws Exception {
        assertThat(root("{'type':'a.b'}")).isEqualTo(root("{'type':['a.b']}"));
    }

    @Test
    void nestedObjectsAndDottedKeysNameTheSamePath() throws Exception {
        Condition expected = new Field(List.of("data", "issue", "title"), List.of(new ValueTest.Prefix("bug", false)));
        assertThat(root("{'data':{'issue':{'title':[{'prefix':'bug'}]}}}")).isEqualTo(expected);
        assertThat(root("{'data.issue.title':[{'prefix':'bug'}]}")).isEqualTo(expected);
        assertThat(root("{'data':{'issue.title':{'prefix':'bug'}}}")).isEqualTo(expected);
    }

    @Test
    void everyOperatorHasItsTest() throws Exception {
        assertThat(tests("[{'anything-but':['a',1]}]"))
                .containsExactly(new ValueTest.AnythingBut(List.of(equal("'a'"), equal("1"))));
        assertThat(tests("[{'anything-but':{'suffix':['x','y']}}]"))
                .containsExactly(new ValueTest.AnythingBut(
                        List.of(new ValueTest.Suffix("x", false), new ValueTest.Suffix("y", false))));
        assertThat(tests("[{'suffix':{'equals-ignore-case':'x'}}]")).containsExactly(new ValueTest.Suffix("x", true));
        assertThat(tests("[{'equals-ignore-case':'x'}]")).containsExactly(new ValueTest.EqualIgnoreCase("x"));
        assertThat(tests("[{'wildcard':'a*b'}]")).containsExactly(new ValueTest.Wildcard("a*b"));
        assertThat(tests("[{'exists':false}]")).containsExactly(new ValueTest.Exists(false));
        assertThat(tests("[{'cidr':'10.0.0.0/8'}]")).containsExactly(new ValueTest.Cidr("10.0.0.0/8"));
        assertThat(tests("[null,true]")).containsExactly(equal("null"), equal("true"));
    }

    @Test
    void numericListsAndNamedBoundsMeanTheSame() throws Exception {
        ValueTest range = new ValueTest.NumericRange(new BigDecimal("5"), false, new BigDecimal("10"), true);
        assertThat(tests("[{'numeric':['>',5,'<=',10]}]")).containsExactly(range);
        assertThat(tests("{'gt':5,'lte':10}")).containsExactly(range);
        assertThat(tests("[{'numeric':['=',5]}]"))
                .containsExactly(new ValueTest.NumericRange(new BigDecimal("5"), true, new BigDecimal("5"), true));
    }

    @Test
    void fieldNamedLikeAnOperatorIsAFieldWhenAListStandsThere() throws Exception {
        assertThat(root("{'data':{'phone':{'prefix':['49']}}}"))
                .isEqualTo(new Field(List.of("data", "phone", "prefix"), List.of(equal("'49'"))));
        assertThat(root("{'data':{'prefix':[{'prefix':'a'}]}}"))
                .isEqualTo(new Field(List.of("data", "prefix"), List.of(new ValueTest.Prefix("a", false))));
    }

    @Test
    void orMayStandAtAnyLevel() throws Exception {
        assertThat(root("{'type':'t','data':{'$or':[{'a':1},{'b':2}]}}"))
                .isEqualTo(new AllOf(List.of(
                        new Field(List.of("type"), List.of(equal("'t'"))),
                        new AnyOf(List.of(
                                new Field(List.of("data", "a"), List.of(equal("1"))),
                                new Field(List.of("data", "b"), List.of(equal("2"))))))));
    }

    @Test
    void extensionsAreAttributesToo() throws Exception {
        assertThat(root("{'helixdepth':'0'}")).isInstanceOf(Field.class);
    }

    @Test
    void everyWrongPlaceIsReportedAtOnce() {
        assertThat(problems("{'Type':'a','data':{'x':[{'prefx':'a'}],'y':[],'z':[{'exists':1}]}}"))
                .extracting(Problem::where)
                .containsExactly(
                        "spec.match.Type", "spec.match.data.x[0]", "spec.match.data.y", "spec.match.data.z[0].exists");
    }

    @ParameterizedTest
    @CsvSource({"prefx,prefix", "greater,", "sufix,suffix", "anythingbut,anything-but", "exist,exists", "gtee,gte"})
    void unknownOperatorsGetASuggestionWhenOneIsNear(String written, String meant) {
        assertThat(problems("{'data':{'x':[{'" + written + "':'a'}]}}"))
                .singleElement()
                .extracting(Problem::message)
                .asString()
                .contains(meant == null ? "use one of" : "did you mean '" + meant + "'?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{'type.x':'a'}",
                "{'data..x':1}",
                "{'data':{}}",
                "{'data':{'x':[[1]]}}",
                "{'data':{'x':[{'prefix':'a','suffix':'b'}]}}",
                "{'data':{'x':[{'prefix':1}]}}",
                "{'data':{'x':[{'numeric':['>']}]}}",
                "{'data':{'x':[{'numeric':['~',1]}]}}",
                "{'data':{'x':[{'numeric':['>','1']}]}}",
                "{'data':{'x':[{'gt':5,'lt':5}]}}",
                "{'data':{'x':[{'gt':5,'gte':5}]}}",
                "{'data':{'x':[{'cidr':'example.org'}]}}",
                "{'data':{'x':[{'cidr':'10.0.0.0/33'}]}}",
                "{'data':{'x':[{'wildcard':'a\\\\b'}]}}",
                "{'data':{'x':[{'anything-but':{'cidr':'10.0.0.0/8'}}]}}",
                "{'data':{'x':[{}]}}",
                "{'$or':[]}",
                "{'$or':[1]}"
            })
    void whatIsNotAPatternIsRefused(String text) {
        assertThat(problems(text)).isNotEmpty();
    }

    @Test
    void boundsHold() {
        StringBuilder fields = new StringBuilder("{'type':'t'");
        for (int i = 0; i < 100; i++) {
            fields.append(",'data.f").append(i).append("':1");
        }
        assertThat(problems(fields.append('}').toString())).hasSize(1);
        assertThat(problems("{'data':" + "{'x':".repeat(500) + "1" + "}".repeat(501)))
                .isNotEmpty();
        assertThat(problems("{'$or':[".repeat(300) + "{'id':'a'}" + "]}".repeat(300)))
                .isNotEmpty();
        assertThat(problems("{'data':{'x':[1" + ",1".repeat(200) + "]}}")).hasSize(1);
        assertThat(problems("{'data':{'x':[{'wildcard':'" + "a".repeat(257) + "'}]}}"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,10.255.1.2,true",
        "10.0.0.0/8,11.0.0.1,false",
        "10.0.0.0/9,10.128.0.1,false",
        "0.0.0.0/0,8.8.8.8,true",
        "10.0.0.1,10.0.0.1,true",
        "10.0.0.1,10.0.0.2,false",
        "10.0.0.0/8,10.0.0,false",
        "10.0.0.0/8,010.0.0.1,false",
        "2001:db8::/32,2001:db8:ffff::1,true",
        "2001:db8::/33,2001:db8:8000::1,false",
        "::ffff:10.0.0.0/104,::ffff:10.1.2.3,true",
        "2001:db8::/32,10.0.0.1,false",
        "::/0,1:2:3:4:5:6:7:8,true",
        "::/0,1:2:3:4:5:6:7:8:9,false",
        "::/0,1::2::3,false",
        "::/0,:1:2,false",
        "::/0,12345::,false"
    })
    void blocksContainTheirAddresses(String block, String address, boolean inside) {
        assertThat(IpBlock.parse(block).orElseThrow().contains(address)).isEqualTo(inside);
    }

    private static List<Problem> problems(String text) {
        HelixException e = catchThrowableOfType(HelixException.class, () -> root(text));
        assertThat(e).as("parsing %s", text).isNotNull();
        assertThat(e.kind()).isEqualTo(ErrorKind.INVALID);
        return e.problems();
    }

    private static Condition root(String text) throws Exception {
        return PatternParser.parse(json(text), "spec.match").root();
    }

    private static List<ValueTest> tests(String leaf) throws Exception {
        return ((Field) root("{'data':{'x':" + leaf + "}}")).tests();
    }

    private static ValueTest equal(String text) throws Exception {
        return new ValueTest.Equal(json(text));
    }

    private static JsonNode json(String text) throws Exception {
        return JSON.readTree(text.replace('\'', '"'));
    }
}
