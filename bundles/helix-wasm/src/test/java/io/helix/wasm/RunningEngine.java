package io.helix.wasm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.AgentType;
import io.helix.api.agent.Transformer;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** One engine for all tests of this JVM; it ends with it. */
final class RunningEngine {
    static final Duration TIMEOUT = Duration.ofMillis(300);
    private static final int PAGES = 16;

    private static final GraalEngine ENGINE = new GraalEngine();
    private static final ScheduledThreadPoolExecutor WATCHDOG =
            new ScheduledThreadPoolExecutor(1, RunningEngine::daemon);

    static final PluginLoader LOADER = loader(PAGES, TIMEOUT);

    private RunningEngine() {}

    private static Thread daemon(Runnable task) {
        return Thread.ofPlatform().daemon().unstarted(task);
    }

    static PluginLoader loader(int pages, Duration timeout) {
        return new PluginLoader(ENGINE, WATCHDOG, pages, timeout);
    }

    @SuppressWarnings("unchecked")
    static Transformer<ObjectNode> transformer(AgentType type) {
        return (Transformer<ObjectNode>) type.create();
    }

    static Transformer<ObjectNode> transformer(WasmBuilder module) {
        return transformer(LOADER.load("test.wasm", module.build()).types().get(0));
    }
}
