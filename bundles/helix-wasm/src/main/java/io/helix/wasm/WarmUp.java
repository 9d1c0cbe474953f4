package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.ConfigReader;
import io.helix.wasm.Manifest.Sample;
import io.helix.wasm.WasmHandler.Recent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Calls a new version without effects until the engine has compiled what is used, so that it is fast from its first real
 * call on. The inputs are what the version before it was last given, else the samples of the manifest.
 */
final class WarmUp {
    private static final Duration SETTLED = Duration.ofMillis(2500);
    private static final int BATCH = 500;
    private static final double FASTER = 0.9;

    /** Of one processor, for a compiler that has work. */
    private static final double BUSY = 0.1;

    /** Calls are followed by a rest as long as they took, in which the compiler has the processor; by no longer one than this. */
    private static final Duration LONGEST_REST = Duration.ofMillis(100);

    /** @param owner who will call so, when that is known */
    private record Input(
            WasmHandler handler,
            byte[] event,
            ObjectNode config,
            @Nullable Owner owner) {}

    private final LoadedPlugin plugin;
    private final List<Input> inputs;
    private volatile boolean stopped;

    /** @param before the version that serves now; null for none */
    WarmUp(LoadedPlugin plugin, @Nullable LoadedPlugin before) {
        this.plugin = plugin;
        List<Input> seen = before == null ? List.of() : seen(plugin, before);
        this.inputs = seen.isEmpty() ? samples(plugin) : seen;
    }

    private static List<Input> seen(LoadedPlugin plugin, LoadedPlugin before) {
        List<Input> inputs = new ArrayList<>();
        for (WasmAgentType old : before.types()) {
            Recent recent = old.handler().recent();
            WasmHandler handler = handler(plugin, old.descriptor().type());
            if (recent != null && handler != null) {
                inputs.add(new Input(handler, recent.input(), recent.owner().config(), recent.owner()));
            }
        }
        return inputs;
    }

    private static List<Input> samples(LoadedPlugin plugin) {
        List<Input> inputs = new ArrayList<>();
        for (Sample sample : plugin.manifest().samples()) {
            WasmHandler handler = handler(plugin, sample.type());
            if (handler != null) {
                inputs.add(
                        new Input(handler, encoded(handler, sample.event()), config(handler, sample.config()), null));
            }
        }
        return inputs;
    }

    private static byte[] encoded(WasmHandler handler, JsonNode event) {
        return handler.terms().encoding().write(event);
    }

    private static ObjectNode config(WasmHandler handler, ObjectNode config) {
        return ConfigReader.read(config, handler.handler().configSchema(), ObjectNode.class);
    }

    private static @Nullable WasmHandler handler(LoadedPlugin plugin, String type) {
        return plugin.types().stream()
                .filter(candidate -> candidate.descriptor().type().equals(type))
                .map(WasmAgentType::handler)
                .findFirst()
                .orElse(null);
    }

    /**
     * Stops when it gets no faster and the engine compiles no more, and after {@code longest}. How long it took; zero when
     * there is nothing to call it with.
     */
    @SuppressWarnings("ThreadPriorityCheck") // where it is not heard it is slower, not wrong
    Duration run(Duration longest) {
        if (inputs.isEmpty()) {
            return Duration.ZERO;
        }
        // A thread of its own: not everybody may raise the priority of a thread again.
        FutureTask<Duration> task = new FutureTask<>(() -> callUntilSettled(longest));
        Thread.ofPlatform()
                .daemon()
                .name("helix-wasm-warm-up")
                .priority(Thread.MIN_PRIORITY)
                .start(task);
        try {
            return task.get();
        } catch (InterruptedException e) {
            stopped = true;
            Thread.currentThread().interrupt();
            return Duration.ZERO;
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        }
    }

    private static RuntimeException failed(@Nullable Throwable cause) {
        return switch (cause) {
            case Error error -> throw error;
            case RuntimeException known -> known;
            case null, default -> new IllegalStateException(cause);
        };
    }

    private Duration callUntilSettled(Duration longest) {
        long began = System.nanoTime();
        long end = began + longest.toNanos();
        long best = Long.MAX_VALUE;
        long changed = began;
        long compiled = 0;
        long now = began;
        while (now - end < 0 && now - changed < SETTLED.toNanos() && !stopped) {
            long before = now;
            CompilerThreads.yieldToCalls();
            for (Input input : inputs) {
                call(input, end);
            }
            long took = System.nanoTime() - before;
            LockSupport.parkNanos(Math.min(took, LONGEST_REST.toNanos()));
            now = System.nanoTime();
            long compiling = CompilerThreads.cpuNanos() - compiled;
            compiled += compiling;
            if (took < best * FASTER || compiling > (now - before) * BUSY) {
                best = Math.min(best, took);
                changed = now;
            }
        }
        inputs.stream().map(Input::owner).filter(Objects::nonNull).forEach(plugin.module()::prepare);
        return Duration.ofNanos(now - began);
    }

    /** A call that fails is as good: what a sample makes it do is the plugin's affair. */
    private void call(Input input, long end) {
        GuestInstance instance = plugin.module().newInstance();
        try {
            DryContext context = new DryContext(input.config(), InstantSource.system(), line -> {});
            // Slow calls of many inputs would keep every other file waiting for hours.
            for (int i = 0; i < BATCH && System.nanoTime() - end < 0 && !stopped; i++) {
                HostCalls calls =
                        new HostCalls(input.event(), context, input.handler().terms());
                plugin.module().tryOut(instance, input.handler().handler().export(), calls);
            }
        } catch (GuestTrap e) {
            // the next batch has a new instance
        } finally {
            instance.close();
        }
    }
}
