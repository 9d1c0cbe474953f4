package io.helix.wasm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.AgentType;
import io.helix.api.agent.Transformer;
import java.time.Duration;

/** One engine for all tests of this JVM; it ends with it. */
final class RunningEngine {
    static final Duration TIMEOUT = Duration.ofSeconds(1);
    static final Limits LIMITS = new Limits(TIMEOUT, 10_000, 100, 4 * 1024 * 1024, 1024 * 1024, 100, 4, 16);
    private static final Budgets BUDGETS = new Budgets(64, 16_384);
    static final Sandbox SANDBOX = new Sandbox(
            new GraalEngine(),
            new Watchdog(),
            BUDGETS,
            new Errands(BUDGETS),
            LIMITS,
            Duration.ofSeconds(10),
            Duration.ofMillis(200));

    private static final PluginLoader LOADER = new PluginLoader(SANDBOX);

    private RunningEngine() {}

    static LoadedPlugin load(String name, byte[] wasm) {
        return LOADER.load(name, wasm, new PluginStats());
    }

    static LoadedPlugin load(WasmBuilder module) {
        return load("test.wasm", module.build());
    }

    /** The same engine and watchdog with other limits and a budget of its own. */
    static Sandbox sandbox(Limits limits, Budgets budgets) {
        return new Sandbox(
                SANDBOX.engine(),
                SANDBOX.watchdog(),
                budgets,
                new Errands(budgets),
                limits,
                SANDBOX.longest(),
                SANDBOX.longestWarmUp());
    }

    @SuppressWarnings("unchecked")
    static Transformer<ObjectNode> transformer(AgentType type) {
        return (Transformer<ObjectNode>) type.create();
    }

    static Transformer<ObjectNode> transformer(WasmBuilder module) {
        return transformer(load(module).types().get(0));
    }
}
