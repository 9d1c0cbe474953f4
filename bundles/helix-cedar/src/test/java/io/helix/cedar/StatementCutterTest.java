package io.helix.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatementCutterTest {
    @Test
    void aTextIsCutAfterEachSemicolon() {
        assertThat(StatementCutter.cut("a; b;\n\tc;")).containsExactly("a;", "b;", "c;");
    }

    @Test
    void whatFollowsTheLastSemicolonIsOneMore() {
        assertThat(StatementCutter.cut("a; b")).containsExactly("a;", "b");
        assertThat(StatementCutter.cut("a; // done; really")).containsExactly("a;");
        assertThat(StatementCutter.cut("a;;")).containsExactly("a;", ";");
    }

    @Test
    void aBlankTextHasNone() {
        assertThat(StatementCutter.cut("")).isEmpty();
        assertThat(StatementCutter.cut(" \r\n\u00a0\u0085 // nothing;\n")).isEmpty();
    }

    @Test
    void whatCedarTakesForNoBlankBelongsToAStatement() {
        assertThat(StatementCutter.cut("a;\u001f b;\u200b")).containsExactly("a;", "\u001f b;", "\u200b");
    }

    @Test
    void semicolonsInStringsAndCommentsDoNotEndAStatement() {
        assertThat(StatementCutter.cut("@id(\"x;y\") a \"\\\";\" // ;\"\n 1 / 2; // ;\r b;"))
                .containsExactly("@id(\"x;y\") a \"\\\";\" // ;\"\n 1 / 2;", "b;");
    }

    @Test
    void aStringThatIsNotClosedTakesTheRest() {
        assertThat(StatementCutter.cut("a; \"b; c;")).containsExactly("a;", "\"b; c;");
        assertThat(StatementCutter.cut("a; \"b;\\")).containsExactly("a;", "\"b;\\");
    }
}
