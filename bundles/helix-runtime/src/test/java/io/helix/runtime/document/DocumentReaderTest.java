package io.helix.runtime.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentReaderTest {
    @Test
    void readsSeveralDocumentsAndSkipsEmptyOnes() {
        List<Draft> drafts = DocumentReader.read("default", """
                ---
                apiVersion: helix/v1
                kind: Agent
                metadata: {name: a}
                spec: {type: log@1}
                ---
                ---
                {"apiVersion": "helix/v1", "kind": "Recipe", "metadata": {"name": "b"}, "spec": {}}
                """);

        assertThat(drafts).extracting(draft -> draft.key().toString()).containsExactly("Agent/a", "Recipe/b");
    }

    @Test
    void namesThePlaceOfASyntaxError() {
        assertThatThrownBy(() -> DocumentReader.read("default", "a: b\n  c: [1"))
                .isInstanceOfSatisfying(HelixException.class, e -> {
                    assertThat(e.kind()).isEqualTo(ErrorKind.INVALID);
                    assertThat(e.message()).contains("line 2");
                });
    }

    @Test
    void findsEverythingThatIsWrongInOnePass() {
        assertThatThrownBy(() -> DocumentReader.read("default", """
                        apiVersion: helix/v2
                        kind: Rul
                        metadata: {nam: x}
                        spec: []
                        """))
                .isInstanceOfSatisfying(
                        HelixException.class,
                        e -> assertThat(e.problems())
                                .extracting(problem -> problem.where())
                                .contains(
                                        "document 1.apiVersion",
                                        "document 1.kind",
                                        "document 1.spec",
                                        "document 1.metadata.name",
                                        "document 1.metadata.nam"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "---\n",
                "just text",
                "[1, 2]",
                "a: 1\na: 2",
                "apiVersion: helix/v1\nkind: Rule\nmetadata: {name: 'UPPER'}\nspec: {}",
                "apiVersion: helix/v1\nkind: Rule\nmetadata: {name: a, profile: other}\nspec: {}"
            })
    void refusesWhatIsNotADocument(String text) {
        assertThatThrownBy(() -> DocumentReader.read("default", text)).isInstanceOf(HelixException.class);
    }

    @Test
    void refusesTheSameDocumentTwice() {
        String document = "apiVersion: helix/v1\nkind: Agent\nmetadata: {name: a}\nspec: {type: log@1}\n";

        assertThatThrownBy(() -> DocumentReader.read("default", document + "---\n" + document))
                .hasMessageContaining("twice");
    }
}
