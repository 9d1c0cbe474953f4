import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Loads the demo over the public API, sends one signed webhook, and prints what became of it. */
public final class Demo {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PROFILE = "/api/v1/profiles/demo";

    private final Path files;
    private final Path home;
    private final String base;
    private final int port;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Demo(Path files, Path home, int port) {
        this.files = files;
        this.home = home;
        this.port = port;
        this.base = "http://127.0.0.1:" + port;
    }

    public static void main(String[] args) throws Exception {
        try {
            new Demo(Path.of(args[0]), Path.of(args[1]), Integer.parseInt(args[2])).run();
        } catch (DemoFailed e) {
            System.err.println("helix: the demo failed: " + e.getMessage());
            System.exit(1);
        }
    }

    private static final class DemoFailed extends RuntimeException {
        DemoFailed(String message) {
            super(message);
        }
    }

    private void run() throws Exception {
        deployPlugin();
        allowReceiver();
        apply();
        byte[] secret = secret();
        String delivery = UUID.randomUUID().toString();
        Instant sent = Instant.now();
        send(secret, delivery);
        show(delivery, sent);
    }

    /** The plugin goes the way every plugin goes: into the deploy folder, complete from the first moment. */
    private void deployPlugin() throws Exception {
        Path wasm = files.resolve("../../sdk/c/examples/issue-digest/issue-digest.wasm").normalize();
        Path target = home.resolve("deploy/issue-digest.wasm");
        if (!Files.exists(target) || Files.mismatch(wasm, target) >= 0) {
            Path part = home.resolve("data").resolve("issue-digest.part");
            Files.copy(wasm, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        await("the plugin issue-digest.wasm to become active", () -> get("/api/v1/profiles/default/agent-types")
                .toString()
                .contains("demo.issue-digest"));
    }

    /** The egress guard refuses loopback addresses; the demo's receiver is one, so its operator allows it. */
    private void allowReceiver() throws Exception {
        Path file = home.resolve("etc/io.helix.runtime.cfg");
        String line = "egress.allow = 127.0.0.1:" + port;
        String text = Files.readString(file);
        if (text.lines().anyMatch(line::equals)) {
            return;
        }
        String before = get("/api/v1/status").path("started").asText();
        String others = String.join("\n", text.lines().filter(l -> !l.startsWith("egress.allow")).toList());
        Files.writeString(file, others + "\n" + line + "\n");
        await("the new setting to take effect", () -> {
            HttpResponse<String> status = call("GET", "/api/v1/status", null, null);
            return status.statusCode() == 200 && !status.body().contains(before) && ready();
        });
    }

    private boolean ready() {
        return call("GET", "/readyz", null, null).statusCode() == 200;
    }

    private void apply() throws Exception {
        String yaml = Files.readString(files.resolve("demo.yaml")).replace("${HTTP_PORT}", Integer.toString(port));
        JsonNode applied = expect(call("POST", PROFILE + "/apply", "application/yaml", yaml.getBytes(StandardCharsets.UTF_8)), 200);
        List<String> names = new ArrayList<>();
        for (JsonNode item : applied.has("items") ? applied.get("items") : applied) {
            names.add(item.path("kind").asText(item.path("key").path("kind").asText()) + "/"
                    + item.path("name").asText(item.path("key").path("name").asText()) + " "
                    + item.path("outcome").asText().toLowerCase());
        }
        System.out.println();
        System.out.println("  Applied    " + names.size() + " documents of config/demo/demo.yaml to the profile demo");
    }

    /** The secret that GitHub and Helix share; made once, kept by Helix as a credential and here for the next demo. */
    private byte[] secret() throws Exception {
        Path file = home.resolve("secrets/demo-github-webhook");
        if (!Files.exists(file)) {
            byte[] random = new byte[24];
            new java.security.SecureRandom().nextBytes(random);
            Files.createFile(
                    file,
                    java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                            java.nio.file.attribute.PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, HexFormat.of().formatHex(random));
        }
        byte[] secret = Files.readAllBytes(file);
        HttpResponse<String> put = call("PUT", PROFILE + "/credentials/github-webhook", "application/octet-stream", secret);
        if (put.statusCode() / 100 != 2) {
            throw new DemoFailed("the credential was not taken: " + put.statusCode() + " " + put.body());
        }
        await("the agents to run", () -> {
            String agents = get(PROFILE + "/agents/status").toString();
            return agents.split("\"state\":\"running\"", -1).length > 2;
        });
        return secret;
    }

    private void send(byte[] secret, String delivery) throws Exception {
        byte[] body = Files.readAllBytes(files.resolve("issues-opened.json"));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/hooks/demo/github"))
                .header("Content-Type", "application/json")
                .header("X-GitHub-Event", "issues")
                .header("X-GitHub-Delivery", delivery)
                .header("X-Hub-Signature-256", "sha256=" + HexFormat.of().formatHex(mac.doFinal(body)))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        long start = System.nanoTime();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        long millis = (System.nanoTime() - start) / 1_000_000;
        if (response.statusCode() != 202) {
            throw new DemoFailed("the webhook answered " + response.statusCode() + " " + response.body());
        }
        System.out.println("  Sent       a signed GitHub webhook, issues.opened, to /hooks/demo/github");
        System.out.println("  Received   202 after " + millis + " ms: the event is durable");
    }

    private void show(String delivery, Instant sent) throws Exception {
        List<JsonNode> runs = new ArrayList<>();
        await("both runs to end", () -> {
            runs.clear();
            get(PROFILE + "/runs?event=" + delivery).path("items").forEach(runs::add);
            return runs.size() == 2 && runs.stream().noneMatch(run -> "RUNNING".equals(run.path("state").asText()));
        });
        JsonNode event = get(PROFILE + "/events/" + delivery);
        System.out.println("  Event      " + event.path("type").asText() + "  " + event.path("subject").asText() + "  id " + delivery);
        for (String rule : List.of("urgent-issue", "issue-by-a-person")) {
            JsonNode why = get(PROFILE + "/events/" + delivery + "/explain?rule=" + URLEncoder.encode(rule, StandardCharsets.UTF_8));
            System.out.println();
            System.out.println("  Rule       " + rule + (why.path("fires").asBoolean() ? " fires" : " does not fire"));
            for (JsonNode role : why.path("roles")) {
                showRole(role);
            }
            showWhere(why);
            for (JsonNode run : why.path("runs")) {
                show(run, sent);
            }
        }
        Path log = home.resolve("files/demo/issues.log");
        List<String> lines = Files.readAllLines(log);
        System.out.println();
        System.out.println("  Effect     " + log);
        System.out.println("             " + lines.get(lines.size() - 1));
        if (runs.stream().anyMatch(run -> !"SUCCEEDED".equals(run.path("state").asText()))) {
            throw new DemoFailed("a run did not succeed; see above");
        }
        System.out.println();
        System.out.println("  Look       " + base + "/  live events and runs (API key: " + home.resolve("secrets/api-key") + ")");
        System.out.println("             ./helix shell 'helix:runs --profile demo'");
        System.out.println("             ./helix shell 'helix:explain --profile demo " + delivery + " urgent-issue'");
    }

    private void showRole(JsonNode role) {
        for (JsonNode condition : role.path("conditions")) {
            System.out.println("    " + (condition.path("passed").asBoolean() ? "yes" : "no ") + "      "
                    + condition.path("path").asText() + " is " + shortened(condition.path("value").toString())
                    + "  (" + condition.path("test").asText() + ")");
        }
        showWhere(role);
    }

    private void showWhere(JsonNode of) {
        if (of.hasNonNull("where")) {
            System.out.println("    " + (of.path("where").path("passed").asBoolean() ? "yes" : "no ") + "      where "
                    + of.path("where").path("source").asText());
        }
    }

    private static void show(JsonNode run, Instant sent) {
        System.out.println("  Decision   permitted by " + texts(run.path("policies")));
        System.out.println("  Run        " + run.path("id").asText() + "  " + run.path("recipe").asText() + "  "
                + run.path("state").asText().toLowerCase() + "  " + millis(sent, run.path("ended").asText()) + " ms after sending");
        for (JsonNode step : run.path("steps")) {
            System.out.printf(
                    "    %-9s%-22s %-10s %5d ms  permitted by %s%s%n",
                    step.path("step").asText(),
                    step.path("agent").asText(),
                    step.path("state").asText().toLowerCase(),
                    millis(Instant.parse(step.path("started").asText()), step.path("ended").asText()),
                    texts(step.path("policies")),
                    step.path("error").asText().isEmpty() ? "" : "\n             " + step.path("error").asText());
        }
        if (!run.path("error").asText().isEmpty()) {
            System.out.println("             " + run.path("error").asText());
        }
    }

    private static String texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return String.join(", ", texts);
    }

    private static long millis(Instant from, String to) {
        return Duration.between(from, Instant.parse(to)).toMillis();
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }

    private JsonNode get(String path) {
        HttpResponse<String> response = call("GET", path, null, null);
        return response.statusCode() == 200 ? parse(response.body()) : JSON.createObjectNode();
    }

    private static JsonNode expect(HttpResponse<String> response, int status) {
        if (response.statusCode() != status) {
            throw new DemoFailed(response.uri() + " answered " + response.statusCode() + " " + response.body());
        }
        return parse(response.body());
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (java.io.IOException e) {
            throw new DemoFailed("not JSON: " + text);
        }
    }

    private HttpResponse<String> call(String method, String path, String type, byte[] body) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                    .timeout(Duration.ofSeconds(20))
                    .header("Authorization", "Bearer " + Files.readString(home.resolve("secrets/api-key")).strip())
                    .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body));
            if (type != null) {
                request.header("Content-Type", type);
            }
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (java.io.IOException e) {
            throw new DemoFailed("the server does not answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailed("interrupted");
        }
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(until)) {
                throw new DemoFailed("waited " + PATIENCE.toSeconds() + " s for " + what);
            }
            Thread.sleep(50);
        }
    }
}
