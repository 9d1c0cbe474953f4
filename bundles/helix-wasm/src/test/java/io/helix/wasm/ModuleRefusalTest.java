package io.helix.wasm;

import static io.helix.wasm.WasmBuilder.bytes;
import static io.helix.wasm.WasmBuilder.constant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.HelixException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ModuleRefusalTest {
    private static WasmBuilder good() {
        return WasmBuilder.transformer().handler(constant(0));
    }

    private static void refused(byte[] wasm, String... reasons) {
        assertThatThrownBy(() -> RunningEngine.load("test.wasm", wasm))
                .isInstanceOf(HelixException.class)
                .hasMessageContainingAll(reasons);
    }

    @Test
    void a_good_module_is_loaded_with_its_type_and_version() {
        LoadedPlugin plugin = RunningEngine.load("test.wasm", good().build());

        assertThat(plugin.typeNames()).containsExactly("demo.test@1.0.0");
    }

    @Test
    void garbage_is_refused_as_not_wasm() {
        refused("hello, world".getBytes(StandardCharsets.UTF_8), "not a WebAssembly module");
    }

    @Test
    void every_truncation_of_a_good_file_is_refused() {
        byte[] wasm = good().build();

        for (int length = 0; length < wasm.length; length++) {
            refused(Arrays.copyOf(wasm, length), "");
        }
    }

    @Test
    void random_damage_never_causes_anything_but_a_refusal() {
        byte[] wasm = good().importing(HostFunction.NOW).build();
        Random random = new Random(42);
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = wasm.clone();
            damaged[8 + random.nextInt(wasm.length - 8)] = (byte) random.nextInt(256);
            try {
                ManifestReader.read(ModuleReader.read(damaged));
            } catch (HelixException expected) {
                assertThat(expected.message()).isNotBlank();
            }
        }
    }

    @Test
    void a_module_without_manifest_is_refused() {
        refused(good().noManifest().build(), "no section helix.manifest");
    }

    @Test
    void a_manifest_of_another_abi_is_refused() {
        refused(
                good().manifest("{\"abi\":2,\"name\":\"x\",\"version\":\"1.0.0\",\"type\":\"demo.x\"}")
                        .build(),
                "abi must be 1");
    }

    @Test
    void an_unknown_key_of_the_manifest_is_refused_by_name() {
        refused(
                good().manifest("{\"abi\":1,\"nmae\":\"x\",\"version\":\"1.0.0\",\"type\":\"demo.x\"}")
                        .build(),
                "unknown key nmae");
    }

    @Test
    void an_import_of_another_module_is_refused_by_name() {
        refused(
                WasmBuilder.transformer()
                        .importing("env", "abort", 4, WasmBuilder.I32)
                        .handler(constant(0))
                        .build(),
                "env.abort",
                "only functions of helix and wasi_snapshot_preview1 are offered");
    }

    @Test
    void the_module_through_which_the_host_copies_is_not_for_guests() {
        refused(
                WasmBuilder.transformer()
                        .importing("helix.copy", "fd_read", 4, WasmBuilder.I32)
                        .handler(constant(0))
                        .build(),
                "helix.copy.fd_read");
    }

    @Test
    void a_wasi_function_of_the_wrong_type_is_refused() {
        refused(
                WasmBuilder.transformer()
                        .importing("wasi_snapshot_preview1", "fd_write", 2, WasmBuilder.I32)
                        .handler(constant(0))
                        .build(),
                "wasi_snapshot_preview1.fd_write as (i32, i32) -> i32; it is (i32, i32, i32, i32) -> i32");
    }

    @Test
    void an_unknown_host_function_is_refused_by_name() {
        refused(
                WasmBuilder.transformer()
                        .importing("helix", "helix_open_file", 2, WasmBuilder.I32)
                        .handler(constant(0))
                        .build(),
                "helix.helix_open_file");
    }

    @Test
    void a_wrong_signature_is_refused_with_the_found_and_the_right_one() {
        refused(
                WasmBuilder.transformer()
                        .importing("helix", "helix_emit_event", 2, WasmBuilder.I64)
                        .handler(constant(0))
                        .build(),
                "(i64, i64) -> i32",
                "it is (i32, i32) -> i32");
    }

    @Test
    void a_missing_handler_is_refused() {
        refused(
                WasmBuilder.transformer().function("other", 1, 1, constant(0)).build(),
                "must export function helix_handle");
    }

    @Test
    void a_handler_of_the_wrong_type_is_refused() {
        refused(
                WasmBuilder.transformer()
                        .function("helix_handle", 2, 1, constant(0))
                        .build(),
                "it must be (i32) -> i32");
    }

    @Test
    void imported_memory_is_refused() {
        refused(WasmBuilder.transformer().importingMemory().handler(constant(0)).build(), "imports a memory");
    }

    @Test
    void shared_and_64_bit_memories_are_refused() {
        refused(good().memory(3, 1, 2).build(), "shared, 64 bit");
        refused(good().memory(4, 1).build(), "shared, 64 bit");
    }

    @Test
    void more_initial_memory_than_allowed_is_refused() {
        refused(good().memory(0, 17).build(), "starts with 17 memory pages and may have 16");
    }

    @Test
    void a_huge_table_is_refused() {
        refused(good().table(0, 0x80, 0x80, 0x80, 0x01).build(), "2097152 elements");
    }

    @Test
    void a_section_that_is_there_twice_is_refused() {
        byte[] twice = WasmBuilder.join(good().build(), bytes(5, 3, 1, 0, 1));

        refused(twice, "section 5 is there twice");
    }
}
