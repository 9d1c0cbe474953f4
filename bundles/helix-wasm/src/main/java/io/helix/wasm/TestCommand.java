package io.helix.wasm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.PluginSource.Trial;
import io.helix.api.event.EventFormat;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code helix-wasm-test}: calls a plugin without effects, and without a server. */
public final class TestCommand {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private static final String USAGE = """
            usage: helix-wasm-test FILE.wasm [OPTION FILE.json]...

              --event FILE        the event to call it with; without one, the samples that the plugin brings
              --config FILE       the configuration for that event
              --kv FILE           what it kept before: {"KEY": "text", "OTHER": {"base64": "AAE="}}
              --http FILE         answers: {"GET https://example.org/x": {"status": 200, "body": {"temperature": 7}}}
              --credentials FILE  secrets: {"NAME": "secret"}
              --type TYPE         the agent type, when it has several; the first one by default
            """;

    private static final Set<String> OPTIONS =
            Set.of("--event", "--config", "--kv", "--http", "--credentials", "--type");

    /** The limits of a server that is not configured. */
    private static final Limits LIMITS = new Limits(
            Duration.ofMillis(Long.getLong("helix.call.timeout.ms", 1_000)),
            10_000,
            100,
            4 * 1024 * 1024,
            1024 * 1024,
            100,
            4,
            256);

    private final String file;
    private final Map<String, String> options;

    private TestCommand(String file, Map<String, String> options) {
        this.file = file;
        this.options = options;
    }

    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    /** The exit code: 0 when all calls are done, 1 when one is not or the plugin is refused, 2 for a wrong usage. */
    static int run(String[] arguments, PrintStream out, PrintStream err) {
        TestCommand command = parse(arguments);
        if (command == null) {
            err.print(USAGE);
            return WRONG_USAGE;
        }
        try {
            return command.test(out);
        } catch (HelixException e) {
            err.println(e.message());
        } catch (IOException e) {
            err.println("cannot read " + e.getMessage());
        }
        return FAILED;
    }

    private static @Nullable TestCommand parse(String[] arguments) {
        String file = null;
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            if (OPTIONS.contains(arguments[i]) && i + 1 < arguments.length) {
                options.put(arguments[i], arguments[++i]);
            } else if (file == null && !arguments[i].startsWith("-")) {
                file = arguments[i];
            } else {
                return null;
            }
        }
        return file == null ? null : new TestCommand(file, options);
    }

    private int test(PrintStream out) throws IOException {
        byte[] wasm = bytes(file);
        ObjectNode event = read("--event");
        Trial trial = new Trial(options.get("--type"), event, readOrEmpty("--config"));
        TrialWorld world = new TrialWorld(readOrEmpty("--kv"), readOrEmpty("--http"), readOrEmpty("--credentials"));
        Budgets budgets = new Budgets(64, 16_384);
        try (Watchdog watchdog = new Watchdog();
                Errands errands = new Errands(budgets)) {
            GraalEngine engine = new GraalEngine();
            Sandbox sandbox =
                    new Sandbox(engine, watchdog, budgets, errands, LIMITS, Duration.ofSeconds(10), Duration.ZERO);
            List<JsonNode> calls = calls(sandbox, wasm, trial, world);
            calls.forEach(call -> out.println(call.toPrettyString()));
            engine.close();
            return calls.stream().allMatch(call -> call.path("result").asText().equals(TryOut.DONE)) ? DONE : FAILED;
        }
    }

    private List<JsonNode> calls(Sandbox sandbox, byte[] wasm, Trial trial, TrialWorld world) {
        try {
            LoadedPlugin plugin = new PluginLoader(sandbox).load(file, wasm, new PluginStats());
            requireFitting(plugin, trial);
            return new TryOut(plugin, world).run(trial);
        } catch (HelixException e) {
            throw new HelixException(e.kind(), file + ": " + e.message(), e);
        }
    }

    /** As a server does; the samples of a plugin are its own affair. */
    private static void requireFitting(LoadedPlugin plugin, Trial trial) {
        if (trial.event() != null) {
            plugin.types().stream()
                    .map(WasmAgentType::descriptor)
                    .filter(type -> trial.type() == null || trial.type().equals(type.type()))
                    .findFirst()
                    .ifPresent(type -> ConfigCheck.requireFitting(trial.config(), type.configSchema()));
        }
    }

    private ObjectNode readOrEmpty(String option) throws IOException {
        ObjectNode node = read(option);
        return node == null ? EventFormat.json().createObjectNode() : node;
    }

    private @Nullable ObjectNode read(String option) throws IOException {
        String name = options.get(option);
        if (name == null) {
            return null;
        }
        try {
            if (EventFormat.json().readTree(bytes(name)) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw HelixException.invalid(name + " is not JSON: " + e.getOriginalMessage());
        }
        throw HelixException.invalid(name + " must hold a JSON object");
    }

    private static byte[] bytes(String name) throws IOException {
        Path path = Path.of(name);
        if (Files.isDirectory(path)) {
            throw HelixException.invalid(name + " is a folder");
        }
        return Files.readAllBytes(path);
    }
}
