package io.helix.wasm;

import static io.helix.wasm.WasmBuilder.constant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.helix.api.Health;
import io.helix.api.agent.AgentType;
import io.helix.api.agent.PluginTrust.Admission;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** The component, in a framework that knows properties and registrations only. */
class WasmPluginsTest {
    private final List<String> registered = new CopyOnWriteArrayList<>();

    @TempDir
    Path home;

    private WasmPlugins start() {
        return new WasmPlugins(
                proxy(BundleContext.class, this::framework),
                proxy(WasmPlugins.Config.class, (method, arguments) -> method.getDefaultValue()),
                Map.of(),
                (file, bytes) -> new Admission("", ""));
    }

    private @Nullable Object framework(Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "getProperty" -> "helix.home".equals(arguments[0]) ? home.toString() : null;
            case "registerService" -> register((AgentType) arguments[1]);
            default -> throw new UnsupportedOperationException(method.toString());
        };
    }

    private ServiceRegistration<?> register(AgentType type) {
        String name = type.descriptor().type();
        registered.add(name);
        return proxy(ServiceRegistration.class, (method, arguments) -> {
            registered.remove(name);
            return null;
        });
    }

    private interface Answer {
        @Nullable
        Object answer(Method method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answer.answer(method, arguments == null ? new Object[0] : arguments)));
    }

    private Path deploy(String name, String type) throws IOException {
        Files.createDirectories(home.resolve("deploy"));
        return Files.write(
                home.resolve("deploy").resolve(name),
                new WasmBuilder()
                        .manifest("{\"abi\":1,\"name\":\"x\",\"version\":\"1.0.0\",\"type\":\"" + type + "\"}")
                        .handler(constant(0))
                        .build());
    }

    @Test
    void what_is_in_the_folder_is_registered_on_start_and_withdrawn_on_stop() throws IOException {
        deploy("a.wasm", "demo.a");
        WasmPlugins plugins = start();
        await().untilAsserted(() -> assertThat(registered).containsExactly("demo.a"));

        plugins.close();

        assertThat(registered).isEmpty();
    }

    @Test
    void files_come_and_go_while_it_runs() throws IOException {
        WasmPlugins plugins = start();
        Path file = deploy("b.wasm", "demo.b");
        assertThat(plugins.canHandle(file.toFile())).isTrue();
        assertThat(plugins.canHandle(Path.of("b.jar").toFile())).isFalse();

        plugins.install(file.toFile());
        await().untilAsserted(() -> assertThat(registered).containsExactly("demo.b"));
        Files.delete(file);
        plugins.uninstall(file.toFile());
        await().untilAsserted(() -> assertThat(registered).isEmpty());
        plugins.close();
    }

    @Test
    void without_the_compiler_it_is_ready_but_says_loudly_that_it_is_degraded() {
        WasmPlugins plugins = start();

        await().until(() -> plugins.health().state() != Health.State.STARTING);

        assertThat(plugins.health().state()).isEqualTo(Health.State.DEGRADED);
        assertThat(plugins.health().detail()).contains("INTERPRETED");
        plugins.close();
    }
}
