package io.helix.runtime.document;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.Names;
import io.helix.api.Problem;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads a stream of YAML or JSON documents (JSON is YAML) and checks their frame: apiVersion, kind, metadata, spec. */
public final class DocumentReader {
    private static final int MAX_CHARACTERS = 16 * 1024 * 1024;
    private static final int MAX_DOCUMENTS = 20_000;
    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private DocumentReader() {}

    /** @throws HelixException INVALID with one problem per wrong place */
    public static List<Draft> read(String profile, String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw HelixException.invalid("the documents are longer than " + MAX_CHARACTERS + " characters");
        }
        List<Problem> problems = new ArrayList<>();
        List<Draft> drafts = new ArrayList<>();
        Set<DocumentKey> seen = new HashSet<>();
        int number = 0;
        for (JsonNode node : nodes(text)) {
            number++;
            String place = "document " + number;
            int before = problems.size();
            Draft draft = frame(profile, node, place, problems);
            if (problems.size() == before) {
                if (!seen.add(draft.key())) {
                    problems.add(new Problem(place, draft.key() + " is there twice"));
                }
                drafts.add(draft);
            }
        }
        refuse(problems);
        if (drafts.isEmpty()) {
            throw HelixException.invalid("there is no document: a document begins with apiVersion: helix/v1");
        }
        return drafts;
    }

    /** Checks one document that must be the one named {@code key}. */
    public static Draft read(DocumentKey key, ObjectNode content) {
        List<Problem> problems = new ArrayList<>();
        Draft draft = frame(key.profile(), content, key.toString(), problems);
        refuse(problems);
        if (!draft.key().equals(key)) {
            throw HelixException.invalid("the document says that it is " + draft.key() + ", but it was sent to " + key);
        }
        return draft;
    }

    public static void refuse(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw HelixException.invalid(problems);
        }
    }

    public static String toYaml(JsonNode content) {
        try {
            return YAML.writeValueAsString(content);
        } catch (JsonProcessingException e) {
            throw new HelixException(ErrorKind.INTERNAL, "cannot write YAML", e);
        }
    }

    private static List<JsonNode> nodes(String text) {
        List<JsonNode> nodes = new ArrayList<>();
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(text)) {
            while (documents.hasNextValue()) {
                JsonNode node = documents.nextValue();
                if (node == null
                        || node.isNull()
                        || node.isMissingNode()
                        || node.isTextual() && node.textValue().isEmpty()) {
                    continue;
                }
                nodes.add(node);
                if (nodes.size() > MAX_DOCUMENTS) {
                    throw HelixException.invalid("there are more than " + MAX_DOCUMENTS + " documents");
                }
            }
        } catch (JsonProcessingException e) {
            throw new HelixException(
                    ErrorKind.INVALID, "malformed YAML" + place(e.getLocation()) + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new HelixException(ErrorKind.INVALID, "malformed YAML: " + e.getMessage());
        }
        return nodes;
    }

    private static String place(JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static Draft frame(String profile, JsonNode node, String place, List<Problem> problems) {
        Fields fields = new Fields(node, place, problems);
        String version = fields.text("apiVersion");
        if (!version.isEmpty() && !version.equals("helix/v1")) {
            fields.problem("apiVersion", "'" + version + "' is not known: write helix/v1");
        }
        Kind kind = kind(fields);
        if (!fields.any("spec").map(JsonNode::isObject).orElse(false)) {
            fields.problem("spec", "is required and must be an object");
        }
        Fields metadata = new Fields(fields.object("metadata"), fields.where("metadata"), problems);
        String name = metadata.text("name");
        if (!name.isEmpty() && !Names.valid(name)) {
            metadata.problem("name", "'" + name + "' is not a name: use 1 to 63 of a-z, 0-9 and '-'");
        }
        metadata.optionalText("profile")
                .filter(written -> !written.equals(profile) && kind != Kind.PROFILE)
                .ifPresent(written -> metadata.problem(
                        "profile", "is '" + written + "', but the document is applied to '" + profile + "'"));
        metadata.optionalText("owner");
        metadata.optionalText("description");
        metadata.object("labels");
        metadata.end();
        fields.end();
        DocumentKey key = new DocumentKey(kind == Kind.PROFILE ? name : profile, kind, name);
        return new Draft(key, node instanceof ObjectNode object ? object : YAML.createObjectNode());
    }

    private static Kind kind(Fields fields) {
        String word = fields.text("kind");
        for (Kind kind : Kind.values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        if (!word.isEmpty()) {
            List<String> words =
                    java.util.Arrays.stream(Kind.values()).map(Kind::word).toList();
            fields.problem(
                    "kind", "'" + word + "' is not one of " + String.join(", ", words) + Suggestion.of(word, words));
        }
        return Kind.AGENT;
    }
}
