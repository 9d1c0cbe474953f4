package io.helix.shell;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.document.Document;
import io.helix.api.document.Kind;
import java.util.List;

/** Shows the documents of a kind. */
abstract class ListDocuments extends HelixCommand {
    private final Kind kind;

    ListDocuments(Kind kind) {
        this.kind = kind;
    }

    @Override
    final void run(Screen screen) {
        List<Document> documents = documents(kind);
        Table table = new Table("NAME", "REVISION", "AUTHOR", "CHANGED (UTC)", "DESCRIPTION");
        for (Document document : documents) {
            table.row(
                    document.key().name(),
                    document.revision(),
                    document.author(),
                    ShellForms.time(document.time()),
                    description(document));
        }
        List<JsonNode> contents = documents.stream()
                .map(document -> (JsonNode) document.content())
                .toList();
        screen.list(contents, table, "there are no " + kind.plural());
    }

    private static String description(Document document) {
        JsonNode metadata = document.content().path("metadata").path("description");
        return metadata.isTextual()
                ? metadata.textValue()
                : document.content().path("spec").path("description").asText("");
    }
}
