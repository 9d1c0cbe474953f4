package io.helix.wasm;

import static io.helix.wasm.WasmBuilder.constant;
import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.agent.AgentType;
import io.helix.api.agent.PluginSource.Plugin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the shelf trusts, and what it does with the files of others. */
class ShelfTrustTest {
    private final List<String> registered = new ArrayList<>();

    @TempDir
    Path folder;

    @TempDir
    Path keys;

    private KeyPair mine;
    private KeyPair theirs;
    private Path file;

    ShelfTrustTest() throws GeneralSecurityException {
        mine = keyPair();
        theirs = keyPair();
        file = Path.of("none");
    }

    @BeforeEach
    void writeFile() throws IOException {
        file = write("a.wasm", "1.0.0", "demo.x");
    }

    private static KeyPair keyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private PluginShelf shelf(Signatures.Mode mode) {
        return new PluginShelf(new PluginLoader(RunningEngine.SANDBOX), new Signatures(mode, keys), this::register);
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

    private void trust(String name, KeyPair key) throws IOException {
        String base64 = Base64.getMimeEncoder().encodeToString(key.getPublic().getEncoded());
        Files.writeString(keys.resolve(name), "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n");
    }

    private void sign(KeyPair key) throws IOException, GeneralSecurityException {
        Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(key.getPrivate());
        signer.update(Files.readAllBytes(file));
        Files.writeString(folder.resolve("a.wasm.sig"), Base64.getEncoder().encodeToString(signer.sign()));
    }

    private Plugin deployed(PluginShelf shelf) {
        shelf.deploy(file);
        return shelf.plugins().getFirst();
    }

    private static String signedBy(PluginShelf shelf) {
        return shelf.details("a.wasm").orElseThrow().path("signedBy").asText();
    }

    @Test
    void without_signatures_nothing_is_looked_at() throws Exception {
        Files.writeString(folder.resolve("a.wasm.sig"), "garbage");
        PluginShelf shelf = shelf(Signatures.Mode.OFF);

        assertThat(deployed(shelf).state()).isEqualTo("active");
        assertThat(deployed(shelf).detail()).isEmpty();
        shelf.close();
    }

    @Test
    void what_a_trusted_key_has_signed_is_loaded_and_says_whose_key_it_was() throws Exception {
        trust("mine.pem", mine);
        trust("theirs.pem", theirs);
        sign(mine);
        PluginShelf shelf = shelf(Signatures.Mode.REQUIRE);

        assertThat(deployed(shelf).state()).isEqualTo("active");
        assertThat(signedBy(shelf)).isEqualTo("mine.pem");
        shelf.close();
    }

    @Test
    void what_nobody_has_signed_is_refused_or_warned_of() throws Exception {
        trust("mine.pem", mine);

        assertThat(deployed(shelf(Signatures.Mode.REQUIRE)))
                .extracting(Plugin::state, Plugin::detail)
                .containsExactly("failed", "it has no signature: a.wasm.sig is not there");
        assertThat(registered).isEmpty();
        PluginShelf warning = shelf(Signatures.Mode.WARN);
        assertThat(deployed(warning))
                .extracting(Plugin::state, Plugin::detail)
                .containsExactly("active", "it has no signature: a.wasm.sig is not there");
        assertThat(signedBy(warning)).isEmpty();
        warning.close();
    }

    @Test
    void a_file_that_was_changed_after_it_was_signed_is_refused() throws Exception {
        trust("mine.pem", mine);
        sign(mine);
        write("a.wasm", "1.0.1", "demo.x");

        assertThat(deployed(shelf(Signatures.Mode.REQUIRE)).detail()).contains("none of the 1 trusted keys");
        assertThat(registered).isEmpty();
    }

    @Test
    void a_signature_of_a_stranger_counts_for_nothing_until_his_key_is_trusted() throws Exception {
        trust("mine.pem", mine);
        sign(theirs);
        PluginShelf shelf = shelf(Signatures.Mode.REQUIRE);
        assertThat(deployed(shelf).state()).isEqualTo("failed");

        trust("theirs.pem", theirs);

        assertThat(deployed(shelf).state()).isEqualTo("active");
        assertThat(signedBy(shelf)).isEqualTo("theirs.pem");
        shelf.close();
    }

    @Test
    void signatures_and_keys_that_are_garbage_are_no_signatures_and_no_keys() throws Exception {
        byte[] garbage = new byte[500];
        new Random(1).nextBytes(garbage);
        Files.write(keys.resolve("0.pem"), garbage);
        Files.write(keys.resolve("1.pem"), new byte[20_000]);
        Files.writeString(keys.resolve("2.pem"), "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
        Files.createDirectory(keys.resolve("3.pem"));
        Files.writeString(keys.resolve("readme.txt"), "not a key");
        trust("mine.pem", mine);
        PluginShelf shelf = shelf(Signatures.Mode.REQUIRE);
        for (byte[] signature :
                List.of(garbage, new byte[0], new byte[10_000], "AAAA".getBytes(StandardCharsets.UTF_8))) {
            Files.write(folder.resolve("a.wasm.sig"), signature);
            assertThat(deployed(shelf).state()).isEqualTo("failed");
        }

        sign(mine);

        assertThat(deployed(shelf).state()).isEqualTo("active");
        shelf.close();
    }

    @Test
    void a_bad_file_over_a_good_one_is_refused_and_restoring_the_good_one_keeps_the_very_same_version_in_service()
            throws Exception {
        List<AgentType> offered = new ArrayList<>();
        PluginShelf shelf = new PluginShelf(
                new PluginLoader(RunningEngine.SANDBOX), new Signatures(Signatures.Mode.OFF, keys), type -> {
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
    void a_restored_file_needs_its_signature_still() throws Exception {
        trust("mine.pem", mine);
        sign(mine);
        byte[] good = Files.readAllBytes(file);
        PluginShelf shelf = shelf(Signatures.Mode.REQUIRE);
        shelf.deploy(file);
        shelf.deploy(Files.write(file, new byte[] {1, 2, 3}));
        Files.delete(keys.resolve("mine.pem"));
        Files.write(file, good);

        assertThat(deployed(shelf).detail()).contains("no key is trusted", "version 1.0.0 stays in service");
        shelf.close();
    }

    @Test
    void two_files_with_the_same_type_and_version_do_not_fight() throws Exception {
        PluginShelf shelf = shelf(Signatures.Mode.OFF);
        write("b.wasm", "1.0.0", "demo.x");
        shelf.scan(folder);

        assertThat(registered).containsExactly("demo.x@1.0.0");
        assertThat(shelf.plugins().get(1).detail())
                .contains("agent type demo.x@1.0.0 is in service from a.wasm already");
        shelf.close();
    }

    @Test
    void two_majors_serve_side_by_side() throws Exception {
        PluginShelf shelf = shelf(Signatures.Mode.OFF);
        write("x@2.wasm", "2.0.0", "demo.x");
        shelf.scan(folder);

        assertThat(registered).containsExactlyInAnyOrder("demo.x@1.0.0", "demo.x@2.0.0");
        shelf.close();
        assertThat(registered).isEmpty();
    }
}
