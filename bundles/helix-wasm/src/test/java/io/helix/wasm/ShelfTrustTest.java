package io.helix.wasm;

import static io.helix.wasm.WasmBuilder.constant;
import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.HelixException;
import io.helix.api.agent.AgentType;
import io.helix.api.agent.PluginSource.Plugin;
import io.helix.api.agent.PluginTrust;
import io.helix.api.agent.PluginTrust.Admission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the shelf trusts, and what it does with the files of others. */
class ShelfTrustTest {
    private final List<String> registered = new ArrayList<>();

    @TempDir
    Path folder;

    private Path file = Path.of("none");

    @BeforeEach
    void writeFile() throws IOException {
        file = write("a.wasm", "1.0.0", "demo.x");
    }

    private PluginShelf shelf(PluginTrust trust) {
        return new PluginShelf(new PluginLoader(RunningEngine.SANDBOX), trust, this::register);
    }

    private static Admission anybody(Path file, byte[] bytes) {
        return new Admission("", "");
    }

    private static PluginTrust trustedWhen(AtomicBoolean trusted) {
        return (file, bytes) -> {
            if (trusted.get()) {
                return new Admission("", "");
            }
            throw HelixException.forbidden("not trusted");
        };
    }

    private Runnable register(AgentType type) {
        String name = type.descriptor().type() + "@" + type.descriptor().version();
        registered.add(name);
        return () -> registered.remove(name);
    }

    private Path write(String name, String version, String type) throws IOException {
        return Files.write(
                folder.resolve(name),
                new WasmBuilder()
                        .manifest(
                                "{\"abi\":1,\"name\":\"x\",\"version\":\"" + version + "\",\"type\":\"" + type + "\"}")
                        .handler(constant(0))
                        .build());
    }

    private Plugin deployed(PluginShelf shelf) {
        shelf.deploy(file);
        return shelf.plugins().getFirst();
    }

    @Test
    void what_is_trusted_is_loaded_and_says_whose_key_it_was() {
        PluginShelf shelf = shelf((path, bytes) -> new Admission("mine.pem", "a note"));

        assertThat(deployed(shelf)).extracting(Plugin::state, Plugin::detail).containsExactly("active", "a note");
        assertThat(shelf.details("a.wasm").orElseThrow().path("signedBy").asText())
                .isEqualTo("mine.pem");
        shelf.close();
    }

    @Test
    void what_is_not_trusted_is_refused_until_it_is() {
        AtomicBoolean trusted = new AtomicBoolean();
        PluginShelf shelf = shelf(trustedWhen(trusted));

        assertThat(deployed(shelf)).extracting(Plugin::state, Plugin::detail).containsExactly("failed", "not trusted");
        assertThat(registered).isEmpty();

        trusted.set(true);

        assertThat(deployed(shelf).state()).isEqualTo("active");
        shelf.close();
    }

    @Test
    void a_bad_file_over_a_good_one_is_refused_and_restoring_the_good_one_keeps_the_very_same_version_in_service()
            throws Exception {
        List<AgentType> offered = new ArrayList<>();
        PluginShelf shelf = new PluginShelf(new PluginLoader(RunningEngine.SANDBOX), ShelfTrustTest::anybody, type -> {
            offered.add(type);
            return () -> registered.add("withdrawn");
        });
        byte[] good = Files.readAllBytes(file);
        shelf.deploy(file);
        shelf.deploy(Files.write(file, new byte[] {1, 2, 3}));
        assertThat(deployed(shelf).state()).isEqualTo("failed");

        Files.write(file, good);

        assertThat(deployed(shelf)).extracting(Plugin::state, Plugin::detail).containsExactly("active", "");
        assertThat(offered).hasSize(1);
        assertThat(registered).isEmpty();
        shelf.close();
    }

    @Test
    void a_restored_file_must_be_trusted_still() throws Exception {
        AtomicBoolean trusted = new AtomicBoolean(true);
        byte[] good = Files.readAllBytes(file);
        PluginShelf shelf = shelf(trustedWhen(trusted));
        shelf.deploy(file);
        shelf.deploy(Files.write(file, new byte[] {1, 2, 3}));
        trusted.set(false);
        Files.write(file, good);

        assertThat(deployed(shelf).detail()).contains("not trusted", "version 1.0.0 stays in service");
        shelf.close();
    }

    @Test
    void two_files_with_the_same_type_and_version_do_not_fight() throws Exception {
        PluginShelf shelf = shelf(ShelfTrustTest::anybody);
        write("b.wasm", "1.0.0", "demo.x");
        shelf.scan(folder);

        assertThat(registered).containsExactly("demo.x@1.0.0");
        assertThat(shelf.plugins().get(1).detail())
                .contains("agent type demo.x@1.0.0 is in service from a.wasm already");
        shelf.close();
    }

    @Test
    void two_majors_serve_side_by_side() throws Exception {
        PluginShelf shelf = shelf(ShelfTrustTest::anybody);
        write("x@2.wasm", "2.0.0", "demo.x");
        shelf.scan(folder);

        assertThat(registered).containsExactlyInAnyOrder("demo.x@1.0.0", "demo.x@2.0.0");
        shelf.close();
        assertThat(registered).isEmpty();
    }
}
