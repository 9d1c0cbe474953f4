package io.helix.wasm;

import static io.helix.wasm.WasmBuilder.bytes;
import static io.helix.wasm.WasmBuilder.call;
import static io.helix.wasm.WasmBuilder.constant;
import static io.helix.wasm.WasmBuilder.drop;
import static io.helix.wasm.WasmBuilder.join;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestCommandTest {
    private static final String CAPABLE = """
            {"abi":1,"name":"test","version":"1.0.0","type":"demo.test",
             "capabilities":{"kv":true,"http":["example.org"],"credentials":["key"]}}""";

    /** Where the module keeps its texts; the answers of Helix are read to what follows. */
    private static final int SPACE = 4_096;

    private static final int CAPACITY = 4_096;

    @TempDir
    private Path folder;

    private record Result(int exitCode, String out, String err) {
        /** What the one call did. */
        JsonNode call() throws IOException {
            return new ObjectMapper().readTree(out);
        }
    }

    private static Result run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = TestCommand.run(arguments, printer(out), printer(err));
        return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream printer(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private String module(WasmBuilder module) throws IOException {
        return Files.write(folder.resolve("test.wasm"), module.build()).toString();
    }

    /** Calls a plugin with an empty event. */
    private Result test(WasmBuilder module, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(module(module), "--event", file("event.json", "{}")));
        arguments.addAll(List.of(options));
        return run(arguments.toArray(String[]::new));
    }

    private static WasmBuilder good() {
        return WasmBuilder.transformer().handler(constant(0));
    }

    /** Hands what it was told by a function to its output: the result of the call is a length. */
    private static byte[] output(byte[] length, int write) {
        return join(constant(SPACE), length, call(write), drop(), constant(0));
    }

    private static WasmBuilder asking(String request) {
        return WasmBuilder.transformer()
                .manifest(CAPABLE)
                .importing(HostFunction.HTTP_REQUEST, HostFunction.OUTPUT_WRITE)
                .data(0, request)
                .handler(output(call(0, 0, request.length(), SPACE, CAPACITY), 1));
    }

    /** The negative code of its request becomes what the handler returns. */
    private static WasmBuilder failing() {
        return WasmBuilder.transformer()
                .manifest(CAPABLE)
                .importing(HostFunction.HTTP_REQUEST)
                .data(0, "{\"url\":\"https://example.org/\"}")
                .handler(constant(0), call(0, 0, 30, SPACE, CAPACITY), bytes(0x6b));
    }

    private static WasmBuilder remembering() {
        return WasmBuilder.transformer()
                .manifest(CAPABLE)
                .importing(HostFunction.KV_GET, HostFunction.KV_SET, HostFunction.KV_DELETE, HostFunction.OUTPUT_WRITE)
                .data(0, "seen")
                .data(8, "gone")
                .handler(
                        call(1, 0, 2, 0, 4, 60),
                        drop(),
                        call(2, 8, 4),
                        drop(),
                        output(call(0, 0, 4, SPACE, CAPACITY), 3));
    }

    @Test
    void without_a_file_it_says_how_it_is_used() {
        assertThat(run().exitCode()).isEqualTo(2);
        assertThat(run().err()).startsWith("usage: helix-wasm-test FILE.wasm").contains("--kv", "--http");
        assertThat(run().out()).isEmpty();
    }

    @Test
    void an_option_that_is_unknown_or_lacks_its_value_is_a_wrong_usage() {
        assertThat(run("a.wasm", "--unknown", "x").exitCode()).isEqualTo(2);
        assertThat(run("a.wasm", "--event").exitCode()).isEqualTo(2);
        assertThat(run("a.wasm", "b.wasm").exitCode()).isEqualTo(2);
    }

    @Test
    void a_good_module_is_done_with_exit_code_0() throws IOException {
        Result result = test(good());

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.call().path("type").asText()).isEqualTo("demo.test");
        assertThat(result.call().path("result").asText()).isEqualTo("done");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void what_it_emits_and_logs_is_shown() throws IOException {
        String event = "{\"type\":\"demo.done\",\"data\":{\"n\":1}}";
        Result result = test(WasmBuilder.transformer()
                .importing(HostFunction.EMIT_EVENT, HostFunction.LOG_MESSAGE)
                .data(0, event)
                .handler(call(1, 2, 2, 4), drop(), call(0, 0, event.length())));

        assertThat(result.call().at("/emitted/0/data/n").asInt()).isOne();
        assertThat(result.call().at("/log/0").asText()).endsWith("type");
    }

    @Test
    void an_event_is_completed_to_one_that_helix_would_hand_over() throws IOException {
        Result result = test(WasmBuilder.transformer()
                .importing(HostFunction.INPUT_READ, HostFunction.OUTPUT_WRITE)
                .handler(output(call(0, SPACE, CAPACITY), 1)));

        assertThat(result.call().path("output").properties())
                .extracting(Map.Entry::getKey)
                .contains("specversion", "id", "source", "type", "time");
    }

    @Test
    void a_failure_and_a_trap_have_exit_code_1() throws IOException {
        Result failed = test(WasmBuilder.transformer().handler(constant(2)));
        assertThat(failed.exitCode()).isOne();
        assertThat(failed.call().path("result").asText()).isEqualTo("failed, may be retried");

        Result trapped = test(WasmBuilder.transformer().handler(bytes(0x00)));
        assertThat(trapped.exitCode()).isOne();
        assertThat(trapped.call().path("result").asText()).contains("unreachable");
    }

    @Test
    void an_endless_call_is_stopped() throws IOException {
        Result result = test(WasmBuilder.transformer()
                .manifest("{\"abi\":1,\"name\":\"test\",\"version\":\"1.0.0\",\"type\":\"demo.test\","
                        + "\"limits\":{\"timeoutMs\":200}}")
                .handler(Attack.LOOP));

        assertThat(result.exitCode()).isOne();
        assertThat(result.call().path("result").asText()).contains("200 ms");
    }

    @Test
    void a_module_that_helix_would_refuse_is_refused_with_the_reason() throws IOException {
        Result result = test(good().noManifest());

        assertThat(result.exitCode()).isOne();
        assertThat(result.err()).contains("test.wasm: ", "no section helix.manifest");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void a_file_that_cannot_be_read_is_named() throws IOException {
        assertThat(run("nowhere.wasm").err()).contains("cannot read nowhere.wasm");
        assertThat(run(folder.toString()).err()).contains("is a folder");
        assertThat(test(good(), "--config", "nowhere.json").err()).contains("cannot read nowhere.json");
    }

    @Test
    void a_configuration_that_is_no_object_is_refused() throws IOException {
        Result list = test(good(), "--config", file("config.json", "[]"));
        assertThat(list.exitCode()).isOne();
        assertThat(list.err()).contains("config.json must hold a JSON object").doesNotContain("test.wasm");

        assertThat(test(good(), "--config", file("config.json", "{")).err()).contains("config.json is not JSON");
        assertThat(test(good(), "--config", file("config.json", "")).err()).contains("must hold a JSON object");
    }

    /** A plugin whose schema asks for a name and knows a limit. */
    private static WasmBuilder configured() {
        return WasmBuilder.transformer().manifest("""
                        {"abi":1,"name":"test","version":"1.0.0","type":"demo.test","config":{
                         "type":"object","additionalProperties":false,"required":["name"],
                         "properties":{"name":{"type":"string"},"limit":{"type":"integer","maximum":9}}}}""").handler(constant(0));
    }

    @Test
    void a_configuration_that_fits_the_schema_is_taken() throws IOException {
        Result result = test(configured(), "--config", file("config.json", "{\"name\": \"Ada\", \"limit\": 9}"));

        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    @Test
    void a_configuration_that_does_not_fit_the_schema_is_refused_in_the_words_of_a_server() throws IOException {
        Result missing = test(configured());
        assertThat(missing.exitCode()).isOne();
        assertThat(missing.err()).contains("test.wasm: config: required property 'name' not found");
        assertThat(missing.out()).isEmpty();

        assertThat(test(configured(), "--config", file("config.json", "{\"name\": \"Ada\", \"limit\": 10}"))
                        .err())
                .contains("config.limit: must have a maximum value of 9");
        assertThat(test(configured(), "--config", file("config.json", "{\"name\": \"Ada\", \"limt\": 1}"))
                        .err())
                .contains("config: property 'limt' is not defined", "did you mean 'limit'?");
        assertThat(test(configured(), "--config", file("config.json", "{\"name\": 1, \"limit\": 10}"))
                        .err())
                .contains("2 problems; the first: config.");
    }

    @Test
    void a_type_that_the_plugin_does_not_bring_is_refused() throws IOException {
        assertThat(test(good(), "--type", "demo.other").err()).contains("no agent type 'demo.other'");
    }

    @Test
    void without_an_event_the_samples_of_the_plugin_are_run() throws IOException {
        assertThat(run(module(good())).err()).contains("brings no samples");

        Result result = run(module(WasmBuilder.transformer()
                .manifest("{\"abi\":1,\"name\":\"test\",\"version\":\"1.0.0\",\"type\":\"demo.test\","
                        + "\"samples\":[{\"event\":{}}]}")
                .handler(constant(0))));
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void a_configuration_without_an_event_is_refused_since_samples_have_their_own() throws IOException {
        Result result = run(module(good()), "--config", file("config.json", "{\"name\":\"Ada\"}"));

        assertThat(result.exitCode()).isOne();
        assertThat(result.err()).contains("a configuration goes with an event");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void it_finds_the_values_of_the_file_and_shows_what_it_stores() throws IOException {
        Result result =
                test(remembering(), "--kv", file("kv.json", "{\"seen\": \"12\", \"gone\": {\"base64\": \"AA==\"}}"));

        assertThat(result.call().path("output").asInt()).isEqualTo(12);
        assertThat(result.call().path("kv").toString())
                .isEqualTo(
                        "[{\"key\":\"se\",\"value\":\"seen\",\"ttlSeconds\":60},{\"key\":\"gone\",\"removed\":true}]");
    }

    @Test
    void values_for_a_plugin_that_may_keep_none_are_refused() throws IOException {
        assertThat(test(good(), "--kv", file("kv.json", "{\"seen\": \"12\"}")).err())
                .contains("does not ask for capability kv");
    }

    @Test
    void a_value_that_cannot_be_kept_is_refused() throws IOException {
        assertThat(test(remembering(), "--kv", file("kv.json", "{\"\": \"12\"}"))
                        .err())
                .contains("a key has 1 to 200 characters");
        assertThat(test(remembering(), "--kv", file("kv.json", "{\"a\": {\"base64\": \"?\"}}"))
                        .err())
                .contains("'?' is not base64");
    }

    @Test
    void it_gets_the_answer_of_the_file_and_the_request_is_shown() throws IOException {
        String answers = """
                {"POST https://example.org/a": {"status": 201, "headers": {"X-Id": 7}, "body": {"temperature": 7}}}""";
        Result result = test(
                asking("{\"method\":\"post\",\"url\":\"https://example.org/a\",\"body\":\"hi\"}"),
                "--http",
                file("http.json", answers));

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.call().at("/output/status").asInt()).isEqualTo(201);
        assertThat(result.call().at("/output/headers/x-id").asInt()).isEqualTo(7);
        assertThat(result.call().at("/output/body").asText()).isEqualTo("{\"temperature\":7}");
        assertThat(result.call().at("/http/0/url").asText()).isEqualTo("https://example.org/a");
        assertThat(result.call().at("/http/0/body").asText()).isEqualTo("hi");
        assertThat(result.call().at("/http/0/status").asInt()).isEqualTo(201);
    }

    @Test
    void a_request_without_an_answer_is_shown_and_unavailable() throws IOException {
        Result none = test(failing());
        assertThat(none.call().path("result").asText()).isEqualTo("failed with code 5");
        assertThat(none.call().at("/http/0/failure").asText()).contains("without effects");

        Result other = test(failing(), "--http", file("http.json", "{\"GET https://example.org/b\": {}}"));
        assertThat(other.call().path("result").asText()).isEqualTo("failed with code 5");
        assertThat(other.call().at("/http/0/failure").asText())
                .isEqualTo("there is no answer for GET https://example.org/");

        Result denied =
                test(failing(), "--http", file("http.json", "{\"GET https://example.org/\": {\"error\": \"DENIED\"}}"));
        assertThat(denied.call().path("result").asText()).isEqualTo("failed, may be retried");
        assertThat(denied.exitCode()).isOne();

        String tooLong = "{\"GET https://example.org/\": {\"body\": [0" + ",1".repeat(512 * 1024) + "]}}";
        assertThat(test(failing(), "--http", file("http.json", tooLong))
                        .call()
                        .path("result")
                        .asText())
                .isEqualTo("failed with code 4");
    }

    @Test
    void answers_that_are_none_are_refused() throws IOException {
        assertThat(test(good(), "--http", file("http.json", "{\"example.org\": {}}"))
                        .err())
                .contains("must be a method and a URL");
        assertThat(test(good(), "--http", file("http.json", "{\"GET http://a.b/\": 1}"))
                        .err())
                .contains("must be a JSON object");
        assertThat(test(good(), "--http", file("http.json", "{\"GET http://a.b/\": {\"code\": 1}}"))
                        .err())
                .contains("unknown key code");
        assertThat(test(good(), "--http", file("http.json", "{\"GET http://a.b/\": {\"error\": \"X\"}}"))
                        .err())
                .contains("DENIED or UNAVAILABLE");
    }

    @Test
    void a_secret_is_used_and_never_shown_in_a_header() throws IOException {
        WasmBuilder module = asking("{\"url\":\"https://example.org/\",\"credential\":{\"name\":\"key\"}}");
        String answers = file("http.json", "{\"GET https://example.org/\": {}}");

        Result result =
                test(module, "--http", answers, "--credentials", file("credentials.json", "{\"key\": \"s3cret\"}"));

        assertThat(result.call().at("/http/0/headers/Authorization").asText()).isEqualTo("Bearer ***");
        assertThat(result.out()).doesNotContain("s3cret");
    }

    /** Reads a secret of ten letters as a text for everything that a report shows. */
    private static WasmBuilder telling() {
        String asked = "credential{\"name\":\"key\"}";
        String event = "{\"type\":\"demo.done\",\"subject\":\"          \",\"data\":{\"          \":\"          \"}}";
        String request = "{\"url\":\"https://example.org/?k=          \",\"body\":\"          \"}";
        int eventAt = 100;
        int requestAt = 300;
        return WasmBuilder.transformer()
                .manifest(CAPABLE)
                .importing(
                        HostFunction.CALL,
                        HostFunction.EMIT_EVENT,
                        HostFunction.HTTP_REQUEST,
                        HostFunction.KV_SET,
                        HostFunction.LOG_MESSAGE,
                        HostFunction.OUTPUT_WRITE)
                .data(0, asked)
                .data(eventAt, event)
                .data(requestAt, request)
                .handler(
                        reading(asked, eventAt + event.indexOf(' ')),
                        reading(asked, eventAt + event.indexOf("          \":")),
                        reading(asked, eventAt + event.lastIndexOf("          ")),
                        reading(asked, requestAt + request.indexOf(' ')),
                        reading(asked, requestAt + request.lastIndexOf("          ")),
                        reading(asked, SPACE),
                        call(1, eventAt, event.length()),
                        drop(),
                        call(2, requestAt, request.length(), SPACE + 100, 1_000),
                        drop(),
                        call(3, SPACE, 10, SPACE, 10, 0),
                        drop(),
                        call(4, 2, SPACE, 10),
                        drop(),
                        call(5, SPACE, 10),
                        drop(),
                        constant(1));
    }

    private static byte[] reading(String asked, int to) {
        return join(call(0, 0, 10, 10, asked.length() - 10, to, 10), drop());
    }

    @Test
    void a_secret_that_the_plugin_was_given_is_shown_nowhere() throws IOException {
        Result result = test(
                telling(),
                "--http",
                file("http.json", "{\"GET https://example.org/?k=0123456789\": {}}"),
                "--credentials",
                file("credentials.json", "{\"key\": \"0123456789\"}"));

        JsonNode call = result.call();
        assertThat(call.at("/emitted/0").toString())
                .isEqualTo("{\"type\":\"demo.done\",\"subject\":\"***\",\"data\":{\"***\":\"***\"}}");
        assertThat(call.at("/http/0/url").asText()).isEqualTo("https://example.org/?k=***");
        assertThat(call.at("/http/0/body").asText()).isEqualTo("***");
        assertThat(call.at("/http/0/status").asInt()).isEqualTo(200);
        assertThat(call.path("kv").toString()).isEqualTo("[{\"key\":\"***\",\"value\":\"***\"}]");
        assertThat(call.at("/log/0").asText()).isEqualTo("INFO ***");
        assertThat(call.path("output").asText()).isEqualTo("***");
        assertThat(result.out()).doesNotContain("0123456789");
    }

    @Test
    void a_secret_that_the_plugin_did_not_ask_for_hides_nothing() throws IOException {
        Result result = test(good(), "--credentials", file("credentials.json", "{\"key\": \"demo\"}"));

        assertThat(result.call().path("type").asText()).isEqualTo("demo.test");
    }

    @Test
    void a_credential_that_is_not_in_the_file_does_not_exist() throws IOException {
        WasmBuilder module = asking("{\"url\":\"https://example.org/\",\"credential\":{\"name\":\"key\"}}");

        assertThat(test(module, "--credentials", file("credentials.json", "{\"other\": \"x\"}"))
                        .call()
                        .path("http"))
                .isEmpty();
        assertThat(test(good(), "--credentials", file("credentials.json", "{\"key\": 1}"))
                        .err())
                .contains("credential 'key' must be a text");
    }
}
