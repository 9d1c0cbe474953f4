package io.helix.wasm;

import static io.helix.wasm.Attack.isRefused;
import static io.helix.wasm.WasmBuilder.bytes;
import static io.helix.wasm.WasmBuilder.call;
import static io.helix.wasm.WasmBuilder.constant;
import static io.helix.wasm.WasmBuilder.drop;
import static io.helix.wasm.WasmBuilder.join;
import static io.helix.wasm.WasmBuilder.u32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.helix.api.HelixException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that attack the host while they are loaded. */
class HostileModuleTest {
    private static final int FORGED = 0x0fff_ffff;

    private static WasmBuilder good() {
        return WasmBuilder.transformer().handler(constant(0));
    }

    private static WasmBuilder manifest(String members) {
        return good().manifest(
                        "{\"abi\":1,\"name\":\"test\",\"version\":\"1.0.0\",\"type\":\"demo.test\"," + members + "}");
    }

    private static void accepted(WasmBuilder module) {
        assertThat(RunningEngine.load(module).typeNames()).isNotEmpty();
        Attack.assertNeighbourWorks();
    }

    @Test
    void a_loop_in_the_start_function_is_stopped_and_the_file_refused() {
        assertThat(isRefused(good().hidden(bytes(0), Attack.LOOP).start(1))).contains("ran over");
    }

    @Test
    void a_trap_in_the_start_function_refuses_the_file() {
        assertThat(isRefused(good().hidden(bytes(0), Attack.TRAP).start(1))).contains("cannot be instantiated");
    }

    @Test
    void endless_recursion_in_the_start_function_refuses_the_file() {
        assertThat(isRefused(good().hidden(bytes(0), call(1)).start(1))).contains("cannot be instantiated");
    }

    @Test
    void a_host_call_from_the_start_function_refuses_the_file() {
        WasmBuilder module = WasmBuilder.transformer()
                .importing(HostFunction.NOW)
                .handler(constant(0))
                .hidden(bytes(0), call(0, 0), drop())
                .start(2);

        assertThat(isRefused(module)).contains("helix_now from its start function");
    }

    @Test
    void an_archive_is_not_a_module() throws IOException {
        byte[] garbage = new byte[10_000];
        new Random(7).nextBytes(garbage);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("../../plugin.wasm"));
            zip.write(garbage);
        }
        assertThat(isRefused(file.toByteArray())).contains("not a WebAssembly module");
        assertThat(isRefused(garbage)).contains("not a WebAssembly module");
        assertThat(isRefused(join(bytes(0, 'a', 's', 'm', 1, 0, 0, 0), garbage)))
                .isNotBlank();
    }

    @Test
    void a_file_that_ends_anywhere_is_refused() {
        byte[] wasm = WasmBuilder.transformer()
                .importing(HostFunction.values())
                .table(0, 1)
                .data(5, "text")
                .hidden(bytes(0))
                .handler(constant(0))
                .custom("name", bytes(1, 2, 3))
                .build();
        for (int length = 0; length < wasm.length; length++) {
            int end = length;
            assertThat(catchThrowable(() -> RunningEngine.load("test.wasm", Arrays.copyOf(wasm, end))))
                    .isInstanceOf(HelixException.class);
        }
        Attack.assertNeighbourWorks();
    }

    @Test
    void each_host_function_is_refused_when_one_parameter_or_the_result_is_of_another_type() {
        for (HostFunction function : HostFunction.values()) {
            for (FunctionType wrong : wrongTypes(function.type())) {
                refusedImport(HostFunction.MODULE, function.importName(), wrong);
            }
        }
        for (WasiFunction function : WasiFunction.values()) {
            for (FunctionType wrong : wrongTypes(function.type())) {
                refusedImport(WasiFunction.MODULE, function.importName(), wrong);
            }
        }
    }

    private static void refusedImport(String module, String name, FunctionType wrong) {
        assertThat(isRefused(
                        WasmBuilder.transformer().importing(module, name, wrong).handler(constant(0))))
                .contains("imports " + module + "." + name + " as " + wrong);
    }

    private static List<FunctionType> wrongTypes(FunctionType right) {
        List<FunctionType> wrong = new ArrayList<>();
        for (int i = 0; i < right.parameters().size(); i++) {
            List<String> parameters = new ArrayList<>(right.parameters());
            parameters.set(i, parameters.get(i).equals("i32") ? "i64" : "i32");
            wrong.add(new FunctionType(parameters, right.results()));
        }
        wrong.add(new FunctionType(right.parameters(), right.results().isEmpty() ? List.of("i32") : List.of()));
        return wrong;
    }

    @Test
    void a_module_that_imports_all_there_is_works() throws Exception {
        Attack.by(WasmBuilder.transformer()
                        .importing(HostFunction.values())
                        .importing(WasiFunction.values())
                        .handler(constant(0)))
                .isHarmless();
    }

    @Test
    void only_functions_can_be_imported() {
        assertThat(isRefused(good().importingRaw("helix", "m", 2, 0, 1))).contains("imports a memory");
        assertThat(isRefused(good().importingRaw("helix", "t", 1, 0x70, 0, 1))).contains("imports a table");
        assertThat(isRefused(good().importingRaw("helix", "g", 3, 0x7f, 0))).contains("imports a global");
        assertThat(isRefused(good().importingRaw("helix", "e", 4, 0, 0))).contains("imports an exception tag");
        assertThat(isRefused(good().importingRaw("helix", "x", 9, 0))).contains("damaged");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 0x80, 0xff})
    void memories_and_tables_of_proposals_are_refused(int flags) {
        assertThat(isRefused(good().memory(flags, 1, 2))).contains("shared, 64 bit");
        assertThat(isRefused(good().table(flags, 1, 2))).contains("shared, 64 bit");
    }

    @Test
    void several_memories_are_refused() {
        assertThat(isRefused(good().rawSection(5, bytes(2, 0, 1, 0, 1)))).contains("2 memories");
    }

    @Test
    void vector_instructions_are_refused() {
        byte[] constant = join(bytes(0xfd, 0x0c), new byte[16], bytes(0x1a)); // (drop (v128.const 0))

        assertThat(isRefused(good().hidden(bytes(0), constant))).isNotBlank();
        assertThat(isRefused(good().hidden(bytes(1, 1, 0x7b)))).isNotBlank();
        assertThat(isRefused(good().rawType(0x60, 1, 0x7b, 0))).contains("v128");
    }

    @Test
    void exceptions_are_refused() {
        assertThat(isRefused(good().rawSection(13, bytes(1, 0, 0)))).isNotBlank();
        assertThat(isRefused(good().hidden(bytes(0), bytes(0x08, 0x00)))).isNotBlank(); // (throw 0)
    }

    @Test
    void types_of_garbage_collection_are_refused() {
        assertThat(isRefused(good().rawType(0x5f, 0))).contains("garbage collection"); // struct
        assertThat(isRefused(good().rawType(0x5e, 0x7f, 0))).contains("garbage collection"); // array
        assertThat(isRefused(good().rawType(0x4e, 1, 0x60, 0, 0))).contains("garbage collection"); // rec
        assertThat(isRefused(good().rawType(0x60, 1, 0x6e, 0))).contains("unknown value type"); // anyref
    }

    @Test
    void tail_calls_and_atomics_are_refused() {
        assertThat(isRefused(good().hidden(bytes(0), bytes(0x12, 0x01)))).isNotBlank(); // (return_call 1)
        assertThat(isRefused(good().hidden(bytes(0), bytes(0xfe, 0x03, 0x00)))).isNotBlank(); // (atomic.fence)
    }

    @Test
    void a_component_is_refused() {
        assertThat(isRefused(bytes(0, 'a', 's', 'm', 0x0d, 0, 1, 0))).contains("components are not supported");
    }

    @Test
    void many_tables_and_large_ones_are_refused() {
        byte[] table = bytes(0x70, 0, 1);
        byte[][] nine = new byte[9][];
        Arrays.fill(nine, table);
        assertThat(isRefused(good().rawSection(4, join(bytes(9), join(nine))))).contains("more than 8 tables");
        assertThat(isRefused(good().rawSection(4, join(bytes(1, 0x70, 0), u32(65_537)))))
                .contains("65537 elements");
    }

    @Test
    void data_outside_of_memory_is_refused() {
        assertThat(isRefused(good().data(65_534, "abc"))).contains("cannot be instantiated");
        assertThat(isRefused(good().data(-1, "abc"))).contains("cannot be instantiated");
    }

    @Test
    void elements_outside_of_their_table_are_refused() {
        byte[] segment = join(bytes(1, 0), constant(1_000), bytes(0x0b, 1, 0));
        assertThat(isRefused(good().table(0, 1).rawSection(9, segment))).contains("cannot be instantiated");
        byte[] unknown = join(bytes(1, 0), constant(0), bytes(0x0b, 1, 99));
        assertThat(isRefused(good().table(0, 1).rawSection(9, unknown))).isNotBlank();
    }

    @Test
    void large_data_segments_are_data_and_nothing_else() {
        accepted(good().memory(0, 16).data(0, "x".repeat(16 * 65_536)));
        assertThat(isRefused(good().memory(0, 16).data(1, "x".repeat(16 * 65_536))))
                .contains("cannot be instantiated");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13})
    void a_section_that_claims_hundreds_of_millions_of_items_is_refused(int section) {
        assertThat(isRefused(good().rawSection(section, join(u32(FORGED), bytes(0, 0, 0)))))
                .isNotBlank();
    }

    @Test
    void forged_counts_inside_of_items_are_refused() {
        // an element segment, a data segment, local variables, a branch table, parameters
        assertThat(isRefused(good().table(0, 1)
                        .rawSection(9, join(bytes(1, 0), constant(0), bytes(0x0b), u32(FORGED), bytes(0)))))
                .isNotBlank();
        assertThat(isRefused(good().rawSection(11, join(bytes(1, 1), u32(FORGED), bytes(0)))))
                .isNotBlank();
        assertThat(isRefused(good().hidden(join(bytes(1), u32(FORGED), bytes(0x7f)))))
                .isNotBlank();
        assertThat(isRefused(good().hidden(join(bytes(2), u32(FORGED), bytes(0x7f), u32(FORGED), bytes(0x7e)))))
                .isNotBlank();
        assertThat(isRefused(good().hidden(bytes(0), join(constant(0), bytes(0x0e), u32(FORGED), bytes(0)))))
                .isNotBlank();
        assertThat(isRefused(good().rawSection(1, join(bytes(1, 0x60), u32(FORGED), bytes(0x7f)))))
                .isNotBlank();
    }

    @Test
    void deeply_nested_blocks_do_not_exhaust_the_stack_of_the_host() {
        byte[] code = new byte[300_000];
        for (int i = 0; i < 100_000; i++) {
            code[2 * i] = 0x02;
            code[2 * i + 1] = 0x40;
            code[200_000 + i] = 0x0b;
        }
        WasmBuilder module = good().hidden(bytes(0), code);
        try {
            RunningEngine.load(module);
        } catch (HelixException refusal) {
            assertThat(refusal.message()).isNotBlank();
        }
        Attack.assertNeighbourWorks();
    }

    @Test
    void ten_thousand_custom_sections_are_of_no_interest() {
        WasmBuilder module = good();
        for (int i = 0; i < 10_000; i++) {
            module.custom("x" + i, bytes(1, 2, 3));
        }
        accepted(module);
    }

    @Test
    void millions_of_custom_sections_are_refused() {
        byte[] sections = new byte[6_000_000];
        for (int i = 0; i < sections.length; i += 3) {
            sections[i + 1] = 1; // the length of an empty name
        }
        assertThat(isRefused(join(good().build(), sections))).contains("sections");
    }

    @Test
    void a_million_types_are_refused() {
        byte[] types = new byte[3_000_000];
        for (int i = 0; i < types.length; i += 3) {
            types[i] = 0x60;
        }
        assertThat(isRefused(good().rawSection(1, join(u32(1_000_000), types)))).contains("1000000 types");
    }

    @Test
    void a_hundred_thousand_exported_functions_are_accepted_and_millions_refused() {
        WasmBuilder module = good();
        for (int i = 0; i < 100_000 - 2; i++) {
            module.export("f" + i, 0, 0);
        }
        accepted(module);
        for (int i = 0; i < 10; i++) {
            module.export("g" + i, 0, 0);
        }
        assertThat(isRefused(module)).contains("exports");
    }

    @Test
    void a_hundred_thousand_wrong_imports_are_refused_with_a_short_text() {
        WasmBuilder module = good();
        for (int i = 0; i < 100_000; i++) {
            module.importingRaw("env", "f" + i, 0, 0);
        }
        assertThat(isRefused(module)).contains("env.f0");
    }

    @Test
    void an_export_that_is_there_twice_is_refused() {
        assertThat(isRefused(good().hidden(bytes(0)).export("helix_handle", 0, 1)))
                .contains("helix_handle");
    }

    @Test
    void sections_out_of_order_or_unknown_are_refused() {
        byte[] memoryFirst = join(
                bytes(0, 'a', 's', 'm', 1, 0, 0, 0, 5, 3, 1, 0, 1),
                Arrays.copyOfRange(good().build(), 8, good().build().length));
        assertThat(isRefused(memoryFirst)).isNotBlank();
        assertThat(isRefused(join(good().build(), bytes(42, 1, 0)))).isNotBlank();
    }

    @Test
    void numbers_that_do_not_fit_into_32_bits_are_refused() {
        assertThat(isRefused(good().rawSection(1, bytes(0xff, 0xff, 0xff, 0xff, 0x1f))))
                .contains("over 32 bits");
        assertThat(isRefused(good().rawSection(1, bytes(0x80, 0x80, 0x80, 0x80, 0x80, 0x00))))
                .contains("over 32 bits");
        assertThat(isRefused(good().memory(0, 0xff, 0xff, 0xff, 0xff, 0x0f))).contains("4294967295 memory pages");
    }

    @Test
    void two_manifests_are_refused() {
        assertThat(isRefused(good().custom("helix.manifest", bytes('{', '}')))).contains("twice");
    }

    @Test
    void a_manifest_that_is_too_long_too_deep_or_no_object_is_refused() {
        assertThat(isRefused(good().manifest("{" + " ".repeat(64 * 1024 - 1) + "}")))
                .contains("longer than 64 KiB");
        assertThat(isRefused(good().manifest("[".repeat(60_000)))).contains("section helix.manifest");
        assertThat(isRefused(manifest("\"config\":" + "{\"a\":".repeat(10_000))))
                .contains("section helix.manifest");
        assertThat(isRefused(good().manifest("7"))).contains("must be a JSON object");
        assertThat(isRefused(good().manifest("\u0000"))).contains("section helix.manifest");
    }

    @Test
    void a_manifest_that_says_two_things_is_refused() {
        assertThat(isRefused(manifest("\"capabilities\":{},\"capabilities\":{\"http\":[\"*\"]}")))
                .contains("capabilities");
        assertThat(isRefused(manifest("\"capabilities\":{\"kv\":false,\"kv\":true}")))
                .contains("kv");
    }

    @Test
    void garbage_among_the_handlers_is_refused() {
        byte[] garbage = new byte[1_000];
        new Random(3).nextBytes(garbage);
        assertThat(isRefused(good().custom("helix.handlers", garbage))).contains("section helix.handlers");
        assertThat(isRefused(good().custom("helix.handlers", "[]\n".getBytes(StandardCharsets.UTF_8))))
                .contains("must be a JSON object");
        assertThat(isRefused(good().custom("helix.handlers", new byte[64 * 1024 + 1])))
                .contains("longer than 64 KiB");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "-1", "1.5", "1e99", "1e999999999", "4294967297", "\"7\"", "true", "[7]", "{}", "null"})
    void a_limit_that_is_no_positive_number_is_refused(String value) {
        for (String limit : List.of("timeoutMs", "hostCalls", "events", "memoryPages", "concurrency")) {
            assertThat(isRefused(manifest("\"limits\":{\"" + limit + "\":" + value + "}")))
                    .contains("limits." + limit);
        }
    }

    @Test
    void limits_can_only_be_lowered() {
        LoadedPlugin plugin = RunningEngine.load(
                manifest("\"limits\":{\"timeoutMs\":2147483647,\"hostCalls\":2147483647,\"events\":2147483647,"
                        + "\"eventBytes\":2147483647,\"outputBytes\":2147483647,\"logLines\":2147483647,"
                        + "\"concurrency\":1000,\"memoryPages\":65536}"));

        Limits most = RunningEngine.LIMITS;
        assertThat(plugin.limits())
                .isEqualTo(new Limits(
                        RunningEngine.SANDBOX.longest(),
                        most.hostCalls(),
                        most.events(),
                        most.eventBytes(),
                        most.outputBytes(),
                        most.logLines(),
                        most.concurrency(),
                        most.memoryPages()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"abi\":\"1\"",
                "\"abi\":1.9",
                "\"abi\":4294967297",
                "\"limits\":7",
                "\"capabilities\":\"all\"",
                "\"capabilities\":{\"kv\":\"no\"}",
                "\"capabilities\":{\"http\":\"*\"}",
                "\"capabilities\":{\"http\":[7]}",
                "\"handlers\":{\"a\":{}}",
                "\"handlers\":[7]",
                "\"samples\":{\"a\":{}}",
                "\"samples\":[7]",
                "\"request\":\"true\"",
                "\"wake\":{\"every\":\"99999999999999999d\"}",
                "\"wake\":\"5m\"",
                "\"encoding\":\"xml\"",
                "\"kind\":\"root\""
            })
    void a_manifest_with_a_member_of_another_type_is_refused(String member) {
        String start = member.startsWith("\"abi\"") ? "{" : "{\"abi\":1,";
        assertThat(isRefused(good().manifest(
                                start + member + ",\"name\":\"test\",\"version\":\"1.0.0\",\"type\":\"demo.test\"}")))
                .isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "a/b", "a\\\\b", "..", "", " ", "a\\u0000b", "a\\nb", "A", "é"})
    void names_with_path_tricks_are_refused(String name) {
        assertThat(isRefused(good().manifest(
                                "{\"abi\":1,\"name\":\"" + name + "\",\"version\":\"1.0.0\",\"type\":\"demo.test\"}")))
                .contains("name");
        assertThat(isRefused(good().manifest(
                                "{\"abi\":1,\"name\":\"test\",\"version\":\"1.0.0\",\"type\":\"" + name + "\"}")))
                .contains("type");
        assertThat(isRefused(good().manifest(
                                "{\"abi\":1,\"name\":\"test\",\"version\":\"" + name + "\",\"type\":\"demo.test\"}")))
                .contains("version");
    }

    @Test
    void names_from_the_file_can_neither_forge_a_log_line_nor_fill_the_log() {
        String forged = "x\n2026-01-02 ERROR all is lost\r\u001b[31m" + "y".repeat(1_000_000);

        assertThat(isRefused(good().importing("env", forged, 1, WasmBuilder.I32)))
                .contains("env.x 2026");
        assertThat(isRefused(good().importingRaw("env", forged, 2, 0, 1))).contains("imports a memory");
        assertThat(isRefused(manifest("\"x\\ny\":1"))).contains("unknown key");
        assertThat(isRefused(manifest("\"" + "z".repeat(50_000) + "\":1"))).contains("unknown key");
        assertThat(isRefused(manifest("\"export\":\"a\\u001bb\""))).contains("must export function");
    }
}
