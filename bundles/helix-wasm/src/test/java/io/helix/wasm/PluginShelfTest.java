package io.helix.wasm;

import static io.helix.wasm.WasmBuilder.constant;
import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.agent.AgentType;
import io.helix.api.agent.PluginSource.Plugin;
import io.helix.api.agent.PluginTrust.Admission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginShelfTest {
    private final List<String> registered = new ArrayList<>();
    private final PluginShelf shelf = shelf();

    @TempDir
    Path folder;

    private PluginShelf shelf() {
        return new PluginShelf(
                new PluginLoader(RunningEngine.SANDBOX), (file, bytes) -> new Admission("", ""), this::register);
    }

    private Runnable register(AgentType type) {
        String name = type.descriptor().type() + "@" + type.descriptor().version();
        registered.add(name);
        return () -> registered.remove(name);
    }

    @AfterEach
    void close() {
        shelf.close();
    }

    private Path write(String name, String version) throws IOException {
        return Files.write(
                folder.resolve(name),
                new WasmBuilder()
                        .manifest("{\"abi\":1,\"name\":\"x\",\"version\":\"" + version + "\",\"type\":\"demo.x\"}")
                        .handler(constant(0))
                        .build());
    }

    @Test
    void scanning_registers_what_is_in_the_folder_once() throws IOException {
        write("a.wasm", "1.0.0");

        shelf.scan(folder);
        shelf.scan(folder);

        assertThat(registered).containsExactly("demo.x@1.0.0");
        assertThat(shelf.plugins())
                .containsExactly(new Plugin("a.wasm", "1.0.0", "wasm", "active", "", List.of("demo.x@1.0.0")));
    }

    @Test
    void a_new_version_takes_the_place_of_the_old() throws IOException {
        shelf.deploy(write("a.wasm", "1.0.0"));
        shelf.deploy(write("a.wasm", "1.1.0"));

        assertThat(registered).containsExactly("demo.x@1.1.0");
    }

    @Test
    void a_new_version_that_is_broken_leaves_the_old_in_service() throws IOException {
        Path file = write("a.wasm", "1.0.0");
        shelf.deploy(file);
        shelf.deploy(Files.write(file, new byte[] {0, 1, 2}));

        assertThat(registered).containsExactly("demo.x@1.0.0");
        assertThat(shelf.plugins()).singleElement().satisfies(plugin -> {
            assertThat(plugin.state()).isEqualTo("failed");
            assertThat(plugin.detail()).contains("not a WebAssembly module", "version 1.0.0 stays in service");
            assertThat(plugin.types()).containsExactly("demo.x@1.0.0");
        });
    }

    @Test
    void a_broken_file_is_listed_and_mended_by_a_good_one() throws IOException {
        Path file = folder.resolve("a.wasm");
        shelf.deploy(Files.write(file, new byte[] {0, 1, 2}));
        assertThat(shelf.plugins()).extracting(Plugin::state).containsExactly("failed");

        shelf.deploy(write("a.wasm", "1.0.0"));

        assertThat(shelf.plugins()).extracting(Plugin::state).containsExactly("active");
    }

    @Test
    void removing_the_file_withdraws_its_types() throws IOException {
        Path file = write("a.wasm", "1.0.0");
        shelf.scan(folder);
        Files.delete(file);
        shelf.scan(folder);

        assertThat(registered).isEmpty();
        assertThat(shelf.plugins()).isEmpty();
    }
}
