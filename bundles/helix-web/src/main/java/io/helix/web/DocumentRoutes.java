package io.helix.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.Page;
import io.helix.api.Problem;
import io.helix.api.control.ControlPlane;
import io.helix.api.control.ControlPlane.Applied;
import io.helix.api.control.ControlPlane.ApplyOptions;
import io.helix.api.document.Document;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import io.helix.api.event.EventFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What users write: profiles, agents, rules, recipes and policies. */
final class DocumentRoutes {
    private final ControlPlane control;

    DocumentRoutes(ControlPlane control) {
        this.control = control;
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        routes.add(Route.of("GET", "/profiles", this::profiles));
        routes.add(Route.of("POST", "/profiles/{profile}/apply", this::apply));
        one(routes, Kind.PROFILE, "/profiles/{profile}");
        for (Kind kind : List.of(Kind.AGENT, Kind.RULE, Kind.RECIPE, Kind.POLICY)) {
            String list = "/profiles/{profile}/" + kind.plural();
            routes.add(Route.of("GET", list, call -> list(call, call.profile(), kind)));
            one(routes, kind, list + "/{name}");
        }
        return routes;
    }

    private void one(List<Route> routes, Kind kind, String template) {
        routes.add(Route.of("GET", template, call -> read(call, kind)));
        routes.add(Route.of("PUT", template, call -> put(call, kind)));
        routes.add(Route.of("DELETE", template, call -> delete(call, kind)));
        routes.add(Route.of("GET", template + "/history", call -> history(call, kind)));
    }

    private Answer profiles(Call call) {
        return list(call, call.caller().profile(), Kind.PROFILE);
    }

    private Answer list(Call call, String profile, Kind kind) {
        Page<Document> page = control.list(call.caller(), profile, kind, call.cursor(), call.limit());
        return Answer.ok(page);
    }

    private Answer read(Call call, Kind kind) {
        DocumentKey key = call.document(kind);
        Document document = control.find(call.caller(), key).orElseThrow(() -> unknown(key));
        Map<String, String> tag = Map.of("ETag", Preconditions.tag(document.revision()));
        return Preconditions.unchanged(call.request(), document.revision())
                ? new Answer.Empty(304, tag)
                : new Answer.Value(200, document.content(), tag);
    }

    private Answer put(Call call, Kind kind) throws IOException {
        DocumentKey key = call.document(kind);
        Long expected = Preconditions.expected(call.request(), () -> control.find(call.caller(), key));
        ObjectNode content = content(call);
        requireSame(key, content);
        Applied applied = control.put(call.caller(), key, content, expected, force(call));
        int status = applied.outcome() == Applied.Outcome.CREATED ? 201 : 200;
        return new Answer.Value(status, applied, Map.of("ETag", Preconditions.tag(applied.revision())));
    }

    private static ObjectNode content(Call call) throws IOException {
        byte[] body = call.body(EventFormat.MAX_BYTES);
        JsonNode node = MediaTypes.yaml(call.mediaType()) ? JsonForms.parseYaml(body) : EventFormat.parse(body);
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw HelixException.invalid("the body must be one document: an object with apiVersion, kind, metadata, spec");
    }

    /** The path says which document is meant; a document that says otherwise was sent to the wrong place. */
    private static void requireSame(DocumentKey key, ObjectNode content) {
        List<Problem> problems = new ArrayList<>();
        require(problems, key, "kind", content.path("kind"), key.kind().word());
        require(problems, key, "metadata.name", content.path("metadata").path("name"), key.name());
        if (!problems.isEmpty()) {
            throw new HelixException(ErrorKind.INVALID, "the document is not the " + key + " of the path", problems);
        }
    }

    private static void require(List<Problem> problems, DocumentKey key, String where, JsonNode value, String wanted) {
        if (!value.isTextual() || !value.textValue().equals(wanted)) {
            problems.add(new Problem(key + " " + where, "must be '" + wanted + "', as in the path"));
        }
    }

    private Answer delete(Call call, Kind kind) {
        DocumentKey key = call.document(kind);
        Long expected = Preconditions.expected(call.request(), () -> control.find(call.caller(), key));
        control.delete(call.caller(), key, expected);
        return Answer.noContent();
    }

    private Answer history(Call call, Kind kind) {
        DocumentKey key = call.document(kind);
        List<Document> revisions = control.history(call.caller(), key, call.limit());
        if (revisions.isEmpty()) {
            throw unknown(key);
        }
        return Answer.ok(Map.of("items", revisions));
    }

    private Answer apply(Call call) throws IOException {
        ApplyOptions options = new ApplyOptions(call.flag("dryRun").orElse(false), force(call));
        return Answer.ok(Map.of("items", control.apply(call.caller(), call.profile(), call.documents(), options)));
    }

    private static boolean force(Call call) {
        return call.flag("force").orElse(false);
    }

    private static HelixException unknown(DocumentKey key) {
        return HelixException.notFound("there is no " + key + " in profile '" + key.profile() + "'");
    }
}
