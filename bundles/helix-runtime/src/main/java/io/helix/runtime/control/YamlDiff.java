package io.helix.runtime.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import io.helix.runtime.document.DocumentReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a change of a document means, as people read it. */
final class YamlDiff {
    private static final int CONTEXT_LINES = 3;

    private YamlDiff() {}

    /** A unified diff of the YAML forms; empty when they are equal. */
    static String of(@Nullable JsonNode before, @Nullable JsonNode after, String name) {
        List<String> old = lines(before);
        List<String> fresh = lines(after);
        return String.join(
                "\n", UnifiedDiffUtils.generateUnifiedDiff(name, name, old, DiffUtils.diff(old, fresh), CONTEXT_LINES));
    }

    private static List<String> lines(@Nullable JsonNode node) {
        return node == null ? List.of() : DocumentReader.toYaml(node).lines().toList();
    }
}
