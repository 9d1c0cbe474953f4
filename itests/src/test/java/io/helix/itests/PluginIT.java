package io.helix.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.helix.itests.probe.RebindingNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Plugins on a server: brought in over REST and the shell, replaced under load, and what is refused. */
class PluginIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Path FEED_WATCH =
            Path.of(System.getProperty("helix.root"), "sdk/rust/examples/feed-watch/feed-watch.wasm");
    private static final Path GUESTS = Path.of(System.getProperty("helix.root"), "sdk/conformance/guests");
    private static final String PLUGINS = "/api/v1/plugins";
    private static final String ISSUE = """
            {"issue": {"title": "outage", "body": "all is down", "labels": []}, "repository": {"full_name": "acme/shop"}}
            """;

    private static HelixServer helix;
    private static Api api;

    @BeforeAll
    static void start() throws IOException {
        helix = HelixServer.prepare();
        Files.createDirectories(helix.home().resolve("etc"));
        Files.writeString(
                helix.home().resolve("etc/io.helix.wasm.cfg"),
                "warm.up.max.ms = 300\ncall.timeout.ms = 10000\nprofile.calls.max.other = many\n");
        Files.writeString(helix.home().resolve("etc/io.helix.runtime.cfg"), "egress.allow = 127.0.0.1/32\n");
        Path names = Bundles.rebindingNames(helix.home().resolve("rebinding-names.jar"));
        // Without the time to live of a name, the JVM would keep the first answer for 30 seconds.
        helix.up("-Xbootclasspath/a:" + names + " -Dsun.net.inetaddr.ttl=0");
        api = new Api(helix, "default");
    }

    @AfterAll
    static void stop() {
        helix.close();
    }

    private static byte[] issueDigest() throws IOException {
        return Files.readAllBytes(Path.of(System.getProperty("helix.plugin.wasm")));
    }

    /** The same module as another version of itself; the file differs in its manifest only. */
    private static byte[] version(String version) throws IOException {
        byte[] wasm = issueDigest();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(wasm, 0, 8);
        for (int at = 8; at < wasm.length; ) {
            int[] body = {at + 1};
            int end = unsigned(wasm, body);
            end += body[0];
            int[] name = {body[0]};
            int length = wasm[at] == 0 ? unsigned(wasm, name) : 0;
            String custom = new String(wasm, name[0], length, StandardCharsets.UTF_8);
            if (custom.equals("helix.manifest")) {
                String manifest = new String(wasm, name[0] + length, end - name[0] - length, StandardCharsets.UTF_8);
                byte[] changed = manifest.replace("\"version\": \"1.0.0\"", "\"version\": \"" + version + "\"")
                        .getBytes(StandardCharsets.UTF_8);
                out.write(0);
                writeUnsigned(out, 1 + length + changed.length);
                out.write(length);
                out.writeBytes(custom.getBytes(StandardCharsets.UTF_8));
                out.writeBytes(changed);
            } else {
                out.write(wasm, at, end - at);
            }
            at = end;
        }
        return out.toByteArray();
    }

    private static int unsigned(byte[] bytes, int[] position) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            int next = bytes[position[0]++];
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static void writeUnsigned(ByteArrayOutputStream out, int value) {
        int rest = value;
        for (; rest > 0x7f; rest >>>= 7) {
            out.write(rest & 0x7f | 0x80);
        }
        out.write(rest);
    }

    private static HttpResponse<String> put(String name, byte[] content) {
        return helix.send(helix.request(PLUGINS + "/" + name)
                .header("Content-Type", "application/octet-stream")
                .PUT(BodyPublishers.ofByteArray(content)));
    }

    private static void deploy(String name, byte[] content) {
        HttpResponse<String> answer = put(name, content);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static int delete(String name) {
        return helix.send(helix.request(PLUGINS + "/" + name).DELETE()).statusCode();
    }

    private static JsonNode plugin(String name) {
        HttpResponse<String> answer = helix.get(PLUGINS + "/" + name);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Api.parse(answer.body());
    }

    @Test
    void aPluginIsInstalledTriedReplacedAndRemovedOverRest() throws Exception {
        deploy("digest.wasm", version("5.0.0"));
        assertThat(plugin("digest.wasm").at("/types/0/version").asText()).isEqualTo("5.0.0");

        HttpResponse<String> tried =
                helix.post(PLUGINS + "/digest.wasm/try", "application/json", "{\"event\": {\"data\": " + ISSUE + "}}");
        assertThat(tried.statusCode()).as(tried.body()).isEqualTo(200);
        assertThat(Api.parse(tried.body())
                        .at("/items/0/emitted/0/data/severity")
                        .asText())
                .isEqualTo("high");

        deploy("digest.wasm", version("5.1.0"));
        assertThat(plugin("digest.wasm").path("version").asText()).isEqualTo("5.1.0");

        HttpResponse<String> bad = put("digest.wasm", "not a module".getBytes(StandardCharsets.UTF_8));
        assertThat(bad.statusCode()).as(bad.body()).isEqualTo(400);
        assertThat(bad.body()).contains("not a WebAssembly module");
        assertThat(plugin("digest.wasm").path("state").asText()).isEqualTo("active");
        assertThat(plugin("digest.wasm").path("version").asText()).isEqualTo("5.1.0");

        assertThat(delete("digest.wasm")).isEqualTo(204);
        assertThat(helix.get(PLUGINS + "/digest.wasm").statusCode()).isEqualTo(404);
        assertThat(Files.exists(helix.home().resolve("deploy/digest.wasm"))).isFalse();
    }

    @Test
    void aShareOfAProfileThatIsNoNumberIsNamedInTheLog() {
        assertThat(helix.log())
                .contains(
                        "etc/io.helix.wasm.cfg: profile.calls.max.other = 'many' is not a whole number",
                        "profile other has 64");
    }

    @Test
    void aPathIsNoNameOfAPlugin() throws Exception {
        assertThat(put("..%2F..%2Fetc%2Fevil.wasm", issueDigest()).statusCode()).isIn(400, 404);
        assertThat(put("evil.so", issueDigest()).statusCode()).isEqualTo(400);
        assertThat(delete("unknown.wasm")).isEqualTo(404);
    }

    @Test
    void aBundleIsInstalledAndRemovedOverRestToo() throws Exception {
        deploy("hello.jar", Files.readAllBytes(Path.of(System.getProperty("helix.plugin.jar"))));
        await().atMost(PATIENCE).until(() -> api.deployed("hello.greet"));
        HttpResponse<String> bad = put("garbage.jar", "no jar".getBytes(StandardCharsets.UTF_8));
        assertThat(bad.statusCode()).as(bad.body()).isEqualTo(400);
        assertThat(delete("hello.jar")).isEqualTo(204);
        await().atMost(PATIENCE).until(() -> !api.deployed("hello.greet"));
    }

    @Test
    void bundlesComeAndGoWhileTheirListIsRead() throws Exception {
        byte[] hello = Files.readAllBytes(Path.of(System.getProperty("helix.plugin.jar")));
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> reading = readers.submit(() -> {
                while (!over.get()) {
                    assertThat(helix.get(PLUGINS).statusCode()).isEqualTo(200);
                }
            });
            try {
                for (int round = 0; round < 5; round++) {
                    deploy("hello.jar", hello);
                    deploy("hello.jar", hello);
                    assertThat(delete("hello.jar")).isEqualTo(204);
                }
            } finally {
                over.set(true);
            }
            reading.get();
        }
    }

    @Test
    void aBundleThatCannotBeResolvedIsRefusedWithWhatIsMissing() throws Exception {
        Path jar = Bundles.importing(helix.home().resolve("importing.jar"), "org.example.nowhere");
        HttpResponse<String> bad = put("importing.jar", Files.readAllBytes(jar));
        assertThat(bad.statusCode()).as(bad.body()).isEqualTo(400);
        assertThat(bad.body()).contains("nothing provides osgi.wiring.package", "org.example.nowhere");
        assertThat(Files.exists(helix.home().resolve("deploy/importing.jar"))).isFalse();
    }

    @Test
    void aJarThatIsNoneLeavesTheBundleBeforeItInService() throws Exception {
        deploy("hello.jar", Files.readAllBytes(Path.of(System.getProperty("helix.plugin.jar"))));
        Files.writeString(helix.home().resolve("deploy/hello.jar"), "no jar");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(plugin("hello.jar").path("detail").asText())
                                .contains("is not a jar", "stays in service"));
        assertThat(api.deployed("hello.greet")).isTrue();
        assertThat(delete("hello.jar")).isEqualTo(204);
        assertThat(api.deployed("hello.greet")).isFalse();
    }

    @Test
    void unsignedPluginsOfBothFormatsAreRefusedOnceSignaturesAreRequired() throws Exception {
        byte[] hello = Files.readAllBytes(Path.of(System.getProperty("helix.plugin.jar")));
        Path config = helix.home().resolve("etc/io.helix.plugins.cfg");
        byte[] before = Files.readAllBytes(config);
        Files.writeString(config, "signatures = require\n");
        try {
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(put("hello.jar", hello).body()).contains("hello.jar.sig is not there"));
            delete("hello.jar"); // may have come in before
            assertThat(put("hello.jar", hello).statusCode()).isEqualTo(400);
            assertThat(put("digest.wasm", version("6.0.0")).body()).contains("digest.wasm.sig is not there");
            assertThat(helix.home().resolve("deploy")).isDirectoryNotContaining("glob:**/{hello.jar,digest.wasm}");
        } finally {
            Files.write(config, before);
            await().atMost(PATIENCE).until(() -> put("hello.jar", hello).statusCode() == 200);
            delete("hello.jar");
        }
    }

    @Test
    void theShellInstallsShowsTriesAndRemovesPlugins() throws Exception {
        Path file = Files.write(helix.home().resolve("shell.wasm"), version("7.0.0"));
        Path event = Files.writeString(helix.home().resolve("event.json"), "{\"data\": " + ISSUE + "}");
        assertThat(helix.shell("helix:plugin-install " + file).output()).contains("demo.issue-digest@7.0.0");
        assertThat(helix.shell("helix:plugin-test --event " + event + " shell.wasm")
                        .output())
                .contains("demo.issue-digest: done", "\"severity\":\"high\"");
        assertThat(helix.shell("helix:plugin-info shell.wasm").output()).contains("sha256");
        assertThat(helix.shell("helix:plugin-remove shell.wasm").output()).contains("removed");
    }

    @Test
    void theShellShowsTheRequestsThatATrialDoesNotSend() throws Exception {
        deploy("asking.wasm", Files.readAllBytes(GUESTS.resolve("http.wasm")));
        try {
            Path event = Files.writeString(
                    helix.home().resolve("asking.json"),
                    "{\"data\": {\"request\": \"{\\\"url\\\": \\\"https://api.example.com/\\\"}\"}}");
            assertThat(helix.shell("helix:plugin-test --event " + event + " asking.wasm")
                            .output())
                    .contains("\"url\":\"https://api.example.com/\"", "\"failure\":\"this is a trial run");
        } finally {
            delete("asking.wasm");
        }
    }

    @Test
    void aSourceInASandboxEmitsEachItemOfAFeedOnceAndOnlyWhatPolicyLetsIt() throws Exception {
        deploy("feed-watch.wasm", Files.readAllBytes(FEED_WATCH));
        AtomicReference<String> feed = new AtomicReference<>("{\"items\": [{\"id\": 1, \"title\": \"one\"}]}");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = feed.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            try (var out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
        try {
            api.apply("""
                    apiVersion: helix/v1
                    kind: Agent
                    metadata: {name: feed}
                    spec:
                      type: feed.watch@1
                      config: {url: "http://127.0.0.1:%d/", every: 5s, existing: true}
                    """.formatted(server.getAddress().getPort()));
            await().atMost(PATIENCE).until(() -> titles().equals(List.of("one")));
            feed.set("{\"items\": [{\"id\": 2, \"title\": \"two\"}, {\"id\": 1, \"title\": \"one\"}]}");
            await().atMost(PATIENCE).until(() -> titles().size() > 1);
            assertThat(titles()).containsExactlyInAnyOrder("one", "two");

            api.apply("""
                    apiVersion: helix/v1
                    kind: Policy
                    metadata: {name: no-memory}
                    spec:
                      cedar: |
                        forbid (principal, action == Helix::Action::"keepState", resource);
                    """);
            await().atMost(PATIENCE)
                    .until(() -> api.get("/decisions?permitted=false&action=keepState")
                            .toString()
                            .contains("default/feed"));
        } finally {
            api.delete("/policies/no-memory");
            api.delete("/agents/feed");
            delete("feed-watch.wasm");
            server.stop(0);
        }
    }

    @Test
    void anActionInASandboxGivesItsOutputToTheRunAndItsReasonWhenItFails() throws Exception {
        deploy("printer.wasm", Files.readAllBytes(GUESTS.resolve("output.wasm")));
        try {
            api.apply("""
                    apiVersion: helix/v1
                    kind: Recipe
                    metadata: {name: print}
                    spec:
                      steps:
                        - {id: print, uses: conformance.output@1}
                    ---
                    apiVersion: helix/v1
                    kind: Rule
                    metadata: {name: print}
                    spec:
                      match: {type: [itest.print]}
                      then: [{recipe: print}]
                    """);
            api.publish("print-1", "itest.print", "{\"writes\": [\"{\\\"pages\\\": 7}\"]}");
            api.publish("print-2", "itest.print", "{\"writes\": [\"out of paper\"], \"code\": 1}");

            JsonNode printed = endedRun("print", "print-1");
            assertThat(printed.path("state").asText()).as(printed.toString()).isEqualTo("SUCCEEDED");
            assertThat(printed.toString()).contains("\"pages\":7");
            JsonNode failed = endedRun("print", "print-2");
            assertThat(failed.path("state").asText()).as(failed.toString()).isEqualTo("FAILED");
            assertThat(failed.path("error").asText()).contains("out of paper");
        } finally {
            delete("printer.wasm");
        }
    }

    @Test
    void whatAPluginMayNotDoIsDeniedToItAndInTheAudit() throws Exception {
        List<String> guests = List.of("http", "call", "emit");
        for (String guest : guests) {
            deploy("may-" + guest + ".wasm", Files.readAllBytes(GUESTS.resolve(guest + ".wasm")));
        }
        try {
            for (String guest : guests) {
                api.apply("""
                        apiVersion: helix/v1
                        kind: Recipe
                        metadata: {name: may-%1$s}
                        spec: {steps: [{id: ask, uses: conformance.%1$s@1}]}
                        ---
                        apiVersion: helix/v1
                        kind: Rule
                        metadata: {name: may-%1$s}
                        spec: {match: {type: [itest.may.%1$s]}, then: [{recipe: may-%1$s}]}
                        """.formatted(guest));
            }
            api.apply("""
                    apiVersion: helix/v1
                    kind: Policy
                    metadata: {name: not-these}
                    spec:
                      cedar: |
                        forbid (principal, action == Helix::Action::"callHttp", resource == Helix::HttpHost::"default/api.example.com");
                        // a document may hold several
                        forbid (principal, action == Helix::Action::"readCredential", resource == Helix::Credential::"default/plain");
                        forbid (principal, action == Helix::Action::"publishEvent", resource == Helix::EventType::"default/exact.type");
                    """);
            api.publish(
                    "may-1", "itest.may.http", "{\"request\": \"{\\\"url\\\": \\\"https://api.example.com/\\\"}\"}");
            api.publish("may-2", "itest.may.http", "{\"request\": \"{\\\"url\\\": \\\"https://evil.test/\\\"}\"}");
            api.publish(
                    "may-3",
                    "itest.may.call",
                    "{\"service\": \"credential\", \"input\": \"{\\\"name\\\": \\\"plain\\\"}\"}");
            api.publish("may-4", "itest.may.emit", "{\"emit\": [\"{\\\"type\\\": \\\"exact.type\\\"}\"]}");

            assertDenied("may-http", "may-1", "callHttp", "api.example.com", "not-these#1");
            assertDenied("may-http", "may-2", "callHttp", "evil.test", "the manifest of the plugin does not ask");
            assertDenied("may-call", "may-3", "readCredential", "plain", "not-these#2");
            assertDenied("may-emit", "may-4", "publishEvent", "exact.type", "not-these#3");
        } finally {
            api.delete("/policies/not-these");
            for (String guest : guests) {
                delete("may-" + guest + ".wasm");
            }
        }
    }

    private static void assertDenied(String recipe, String event, String action, String resource, String why) {
        JsonNode run = endedRun(recipe, event);
        assertThat(run.path("state").asText()).as(run.toString()).isEqualTo("SUCCEEDED");
        assertThat(run.at("/steps/0/output").toString()).contains("\"result\":-2");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(api.get("/decisions?permitted=false&limit=500&action=" + action)
                                .path("items"))
                        .anySatisfy(decision -> {
                            assertThat(decision.path("resource").asText()).contains(resource);
                            assertThat(decision.path("principal").asText()).contains(recipe + "/ask");
                            assertThat(decision.path("eventId").asText()).isEqualTo(event);
                            assertThat(decision.toString()).contains(why);
                        }));
    }

    private static JsonNode endedRun(String recipe, String event) {
        String query = "recipe=" + recipe + "&event=" + event;
        await().atMost(PATIENCE)
                .until(() -> api.runs(query).stream()
                        .anyMatch(run -> !run.path("state").asText().equals("RUNNING")));
        return api.runs(query).getFirst();
    }

    @Test
    void aSourceInASandboxIsWokenByRequestsAndAnswersThem() throws Exception {
        deploy("asked.wasm", Files.readAllBytes(GUESTS.resolve("source.wasm")));
        try {
            api.apply("""
                    apiVersion: helix/v1
                    kind: Agent
                    metadata: {name: asked}
                    spec: {type: conformance.source@1}
                    """);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(ask("silent").statusCode()).isEqualTo(202));
            HttpResponse<String> told = ask("tell");
            assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
            assertThat(told.body()).contains("POST");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(api.get("/events?type=conformance.told&limit=10")
                                    .path("items"))
                            .hasSize(1));

            HttpResponse<String> bad = ask("bad");
            assertThat(bad.statusCode()).as(bad.body()).isEqualTo(400);
            assertThat(bad.body()).contains("a bad request");
            HttpResponse<String> later = ask("later");
            assertThat(later.statusCode()).as(later.body()).isEqualTo(503);
            assertThat(later.body()).contains("come back later");
        } finally {
            api.delete("/agents/asked");
            delete("asked.wasm");
        }
    }

    private static HttpResponse<String> ask(String body) {
        return helix.send(HttpRequest.newBuilder(helix.uri("/hooks/default/asked"))
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(body)));
    }

    @Test
    void aPluginIsTriedWithoutTheServer() throws Exception {
        Path event = Files.writeString(helix.home().resolve("tried.json"), "{\"data\": " + ISSUE + "}");

        HelixServer.Result tried =
                HelixServer.wasmTest(System.getProperty("helix.plugin.wasm"), "--event", event.toString());
        assertThat(tried.output()).contains("\"severity\" : \"high\"");
        assertThat(tried.exitCode()).isZero();

        Path config = Files.writeString(helix.home().resolve("tried-config.json"), "{\"unknown\": 1}");
        HelixServer.Result unfit = HelixServer.wasmTest(
                System.getProperty("helix.plugin.wasm"), "--event", event.toString(), "--config", config.toString());
        assertThat(unfit.output()).contains("config: property 'unknown' is not defined in the schema");
        assertThat(unfit.exitCode()).isOne();

        HelixServer.Result refused =
                HelixServer.wasmTest(GUESTS.resolve("refused-no-manifest.wasm").toString());
        assertThat(refused.output()).contains("no section helix.manifest");
        assertThat(refused.exitCode()).isOne();
    }

    /** The plugin may call any host, as far as the guard lets it. */
    @Test
    void aPluginReachesNoMetadataServerAndFollowsNoRedirectToOne() throws Exception {
        deploy("feed-watch.wasm", Files.readAllBytes(FEED_WATCH));
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.getResponseHeaders().set("Location", "http://169.254.169.254/latest/meta-data/");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
        try {
            watch("metadata", "http://169.254.169.254/latest/meta-data/");
            watch("hidden", "http://[::ffff:169.254.169.254]/latest/meta-data/");
            watch("redirected", "http://127.0.0.1:" + server.getAddress().getPort() + "/");

            for (String agent : List.of("metadata", "hidden")) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(api.get("/decisions?permitted=false&limit=500&action=callHttp")
                                        .path("items"))
                                .anySatisfy(decision -> {
                                    assertThat(decision.path("principal").asText())
                                            .contains("default/" + agent);
                                    assertThat(decision.toString()).contains("the egress guard refuses");
                                }));
            }
            await().atMost(PATIENCE).until(() -> asked.get() > 0);
            await().atMost(PATIENCE)
                    .until(() -> api.get("/agents/status").toString().contains("HTTP status 302"));
        } finally {
            List.of("metadata", "hidden", "redirected").forEach(agent -> api.delete("/agents/" + agent));
            delete("feed-watch.wasm");
            server.stop(0);
        }
    }

    /** The first answer of the name server passes the guard and is called; after it comes one that does not. */
    @Test
    void aPluginReachesNoAddressThatAHostHasOnlyAfterItWasChecked() throws Exception {
        deploy("feed-watch.wasm", Files.readAllBytes(FEED_WATCH));
        AtomicInteger allowed = new AtomicInteger();
        AtomicInteger hidden = new AtomicInteger();
        HttpServer first = counting(RebindingNames.FIRST, 0, allowed);
        HttpServer later = counting(RebindingNames.LATER, first.getAddress().getPort(), hidden);
        try {
            watch(
                    "rebinding",
                    "http://" + RebindingNames.HOST + ":" + first.getAddress().getPort() + "/");

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(api.get("/decisions?permitted=false&limit=500&action=callHttp")
                                    .path("items"))
                            .anySatisfy(decision -> {
                                assertThat(decision.path("principal").asText()).contains("default/rebinding");
                                assertThat(decision.toString())
                                        .contains("the egress guard refuses " + RebindingNames.HOST + " ("
                                                + RebindingNames.LATER + ")");
                            }));
            assertThat(hidden).as("requests to the address that came later").hasValue(0);
            assertThat(allowed).as("requests to the address that was checked").hasValue(1);
        } finally {
            api.delete("/agents/rebinding");
            delete("feed-watch.wasm");
            first.stop(0);
            later.stop(0);
        }
    }

    /** Answers each request with an empty feed, and keeps no connection that would spare the next one a look at the name. */
    private static HttpServer counting(String address, int port, AtomicInteger requests) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(address, port), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            byte[] body = "{\"items\": []}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.sendResponseHeaders(200, body.length);
            try (var out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
        return server;
    }

    private static void watch(String agent, String url) {
        api.apply("""
                apiVersion: helix/v1
                kind: Agent
                metadata: {name: %s}
                spec:
                  type: feed.watch@1
                  config: {url: "%s", every: 5s, existing: true}
                """.formatted(agent, url));
    }

    private static List<String> titles() {
        List<String> titles = new ArrayList<>();
        api.get("/events?type=feed.item&limit=100")
                .path("items")
                .forEach(event -> titles.add(api.get("/events/one?id="
                                + URLEncoder.encode(event.path("id").asText(), StandardCharsets.UTF_8))
                        .at("/data/title")
                        .asText()));
        return titles;
    }

    @Test
    void twoMajorVersionsServeSideBySide() throws Exception {
        deploy("one.wasm", version("1.4.0"));
        deploy("two.wasm", version("2.0.0"));
        HttpResponse<String> again = put("copy.wasm", version("2.0.0"));
        assertThat(again.statusCode()).as(again.body()).isEqualTo(400);
        assertThat(again.body()).contains("is in service from two.wasm already");
        assertThat(Files.exists(helix.home().resolve("deploy/copy.wasm"))).isFalse();
        List<String> deployed = new ArrayList<>();
        api.get("/agent-types").path("items").forEach(type -> {
            if (type.path("type").asText().equals("demo.issue-digest")) {
                deployed.add(type.path("version").asText());
            }
        });
        assertThat(deployed).contains("1.4.0", "2.0.0");
        delete("one.wasm");
        delete("two.wasm");
    }

    @Test
    void noEventIsLostOrDoubledWhileAPluginIsReplaced() throws Exception {
        deploy("swapped.wasm", version("3.0.0"));
        api.apply("""
                apiVersion: helix/v1
                kind: Recipe
                metadata: {name: swapped}
                spec:
                  steps:
                    - {id: digest, uses: demo.issue-digest@3, retry: {max: 5, first: 100ms}}
                ---
                apiVersion: helix/v1
                kind: Rule
                metadata: {name: swapped}
                spec:
                  match: {type: [itest.swapped]}
                  then: [{recipe: swapped}]
                """);
        AtomicBoolean publishing = new AtomicBoolean(true);
        AtomicInteger published = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> publishers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                publishers.add(threads.submit(() -> {
                    while (publishing.get()) {
                        int n = published.incrementAndGet();
                        assertThat(api.publish("swap-" + n, "itest.swapped", ISSUE))
                                .isEqualTo(202);
                    }
                }));
            }
            try {
                for (int i = 1; i <= 8; i++) {
                    deploy("swapped.wasm", version("3.0." + i));
                }
            } finally {
                publishing.set(false);
            }
            for (Future<?> publisher : publishers) {
                publisher.get();
            }
        }
        int sent = published.get();
        await().atMost(PATIENCE)
                .until(() -> api.runs("recipe=swapped").stream()
                                .filter(run -> !run.path("state").asText().equals("RUNNING"))
                                .count()
                        >= sent);
        Map<String, Long> states = api.runs("recipe=swapped").stream()
                .collect(Collectors.groupingBy(run -> run.path("state").asText(), Collectors.counting()));
        assertThat(states).as("of %d events", sent).containsExactly(Map.entry("SUCCEEDED", (long) sent));
        assertThat(plugin("swapped.wasm").at("/calls/failed").asLong()).isZero();
        delete("swapped.wasm");
    }
}
