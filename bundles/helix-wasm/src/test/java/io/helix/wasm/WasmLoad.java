package io.helix.wasm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.AgentType;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.PluginTrust.Admission;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Plugins as the server runs them, for benchmarks: public, and nothing of the engine shows. */
public final class WasmLoad implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final GraalEngine engine = new GraalEngine();
    private final Watchdog watchdog = new Watchdog();
    private final Sandbox sandbox;
    private final PluginLoader loader;
    private final ObjectNode config;

    /**
     * @param timeout of a call
     * @param config of every agent
     */
    public WasmLoad(Duration timeout, ObjectNode config) {
        Limits limits = new Limits(timeout, 10_000, 100, 4 * 1024 * 1024, 1024 * 1024, 100, 4, 256);
        Budgets budgets = new Budgets(64, 16_384);
        this.sandbox =
                new Sandbox(engine, watchdog, budgets, new Errands(budgets), limits, LONGEST, Duration.ofSeconds(15));
        this.loader = new PluginLoader(sandbox);
        this.config = config;
        KillRehearsal.run(engine, watchdog);
    }

    public boolean compiles() {
        return engine.compiles();
    }

    public String implementation() {
        return engine.implementation();
    }

    /** What a call gave. */
    public record Result(List<EventDraft> events, byte[] output) {}

    /** A plugin in service. */
    public interface Plugin {
        /** @param type of the agent */
        Result call(String type, byte[] input) throws AgentException;

        void retire();
    }

    /** @param name of the file */
    public Plugin load(String name, byte[] wasm) {
        return new Loaded(loader.load(name, wasm, new PluginStats()), config);
    }

    private record Loaded(LoadedPlugin plugin, ObjectNode config) implements Plugin {
        @Override
        public Result call(String type, byte[] input) throws AgentException {
            for (WasmAgentType candidate : plugin.types()) {
                if (candidate.descriptor().type().equals(type)) {
                    return WasmLoad.call(candidate.handler(), input, config);
                }
            }
            throw new IllegalArgumentException(type);
        }

        @Override
        public void retire() {
            plugin.module().retire();
        }
    }

    private static Result call(WasmHandler handler, byte[] input, ObjectNode config) throws AgentException {
        DryContext context = new DryContext(config, InstantSource.system(), line -> {});
        HostCalls calls = handler.handle(input, context);
        return new Result(calls.events(), calls.output());
    }

    /** A deploy folder of which each file brings one or more types; calls reach the newest version. */
    public final class Folder implements AutoCloseable {
        private final ConcurrentMap<String, WasmHandler> serving = new ConcurrentHashMap<>();
        private final PluginShelf shelf = new PluginShelf(loader, (file, bytes) -> new Admission("", ""), this::offer);

        private Runnable offer(AgentType type) {
            WasmHandler handler = ((WasmAgentType) type).handler();
            serving.put(type.descriptor().type(), handler);
            return () -> serving.remove(type.descriptor().type(), handler);
        }

        /** Returns when the file is in service. */
        public void deploy(Path file) {
            shelf.deploy(file);
        }

        /** @param type of the agent */
        public Result call(String type, byte[] input) throws AgentException {
            return WasmLoad.call(Objects.requireNonNull(serving.get(type), type), input, config);
        }

        @Override
        public void close() {
            shelf.close();
        }
    }

    @Override
    public void close() {
        watchdog.close();
        engine.close();
    }
}
