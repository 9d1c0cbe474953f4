package io.helix.wasm;

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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code ./helix plugin-test}: calls a plugin without effects, and without a server. */
public final class TestCommand {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    /** The limits of a server that is not configured. */
    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(1), 10_000, 100, 4 * 1024 * 1024, 1024 * 1024, 100, 4, 256);

    private @Nullable String file;
    private @Nullable String type;
    private @Nullable String event;
    private @Nullable String config;

    private TestCommand() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    /** The exit code: 0 when all calls are done, 1 when one is not or the plugin is refused, 2 for a wrong usage. */
    static int run(String[] arguments, PrintStream out, PrintStream err) {
        TestCommand command = new TestCommand();
        if (!command.parse(arguments)) {
            err.println("usage: plugin-test FILE.wasm [--type TYPE] [--event FILE.json] [--config FILE.json]");
            return USAGE;
        }
        try {
            return command.test(out);
        } catch (HelixException e) {
            err.println(command.file + ": " + e.message());
            return FAILED;
        } catch (IOException e) {
            err.println("cannot read " + e.getMessage());
            return FAILED;
        }
    }

    private boolean parse(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            String value = i + 1 < arguments.length ? arguments[i + 1] : null;
            switch (arguments[i]) {
                case "--type" -> type = value;
                case "--event" -> event = value;
                case "--config" -> config = value;
                default -> {
                    if (arguments[i].startsWith("-") || file != null) {
                        return false;
                    }
                    file = arguments[i];
                    continue;
                }
            }
            if (value == null) {
                return false;
            }
            i++;
        }
        return file != null;
    }

    private int test(PrintStream out) throws IOException {
        String name = String.valueOf(file);
        try (Watchdog watchdog = new Watchdog()) {
            GraalEngine engine = new GraalEngine();
            Sandbox sandbox = new Sandbox(
                    engine, watchdog, new Budgets(64, 16_384), LIMITS, Duration.ofSeconds(10), Duration.ZERO);
            LoadedPlugin plugin =
                    new PluginLoader(sandbox).load(name, Files.readAllBytes(Path.of(name)), new PluginStats());
            ObjectNode configuration = read(config);
            Trial trial = new Trial(
                    type,
                    read(event),
                    configuration == null ? EventFormat.json().createObjectNode() : configuration);
            List<JsonNode> calls = new TryOut(plugin).run(trial);
            for (JsonNode call : calls) {
                out.println(call.toPrettyString());
            }
            engine.close();
            return calls.stream().allMatch(call -> call.path("result").asText().equals(TryOut.DONE)) ? 0 : FAILED;
        }
    }

    private static @Nullable ObjectNode read(@Nullable String file) throws IOException {
        if (file == null) {
            return null;
        }
        if (EventFormat.parse(Files.readAllBytes(Path.of(file))) instanceof ObjectNode object) {
            return object;
        }
        throw HelixException.invalid(file + " must hold a JSON object");
    }
}
