package io.helix.wasm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Assembles small modules, good ones and hostile ones, byte by byte. */
final class WasmBuilder {
    static final int I32 = 0x7f;
    static final int I64 = 0x7e;

    /** Tags (13) come after memories, and the count of data (12) before the code that uses it. */
    private static final int[] ORDER = {1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11, 14};

    private final List<byte[]> types = new ArrayList<>();
    private final List<byte[]> imports = new ArrayList<>();
    private final List<byte[]> functions = new ArrayList<>();
    private final List<byte[]> exports = new ArrayList<>();
    private final List<byte[]> bodies = new ArrayList<>();
    private final List<byte[]> data = new ArrayList<>();
    private byte[] memory = bytes(0, 1);
    private byte[] table = {};
    private final Map<Integer, byte[]> rawSections = new TreeMap<>();
    private final List<byte[]> customs = new ArrayList<>();
    private byte[] manifest = {};
    private int importedFunctions;

    /** A transformer named demo.test that runs {@code code}, which must leave an i32. */
    static WasmBuilder transformer() {
        return new WasmBuilder().manifest("{\"abi\":1,\"name\":\"test\",\"version\":\"1.0.0\",\"type\":\"demo.test\"}");
    }

    WasmBuilder manifest(String json) {
        manifest = json.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    WasmBuilder noManifest() {
        manifest = new byte[0];
        return this;
    }

    /** Imports helix functions; the first has index 0. */
    WasmBuilder importing(HostFunction... wanted) {
        for (HostFunction function : wanted) {
            importing(
                    "helix", function.importName(), function.type().parameters().size(), I32);
        }
        return this;
    }

    WasmBuilder importing(String module, String name, int parameters, int parameterType) {
        imports.add(join(name(module), name(name), bytes(0), u32(type(parameters, parameterType, 1))));
        importedFunctions++;
        return this;
    }

    WasmBuilder importing(String module, String name, FunctionType type) {
        imports.add(join(name(module), name(name), bytes(0), u32(type(type))));
        importedFunctions++;
        return this;
    }

    WasmBuilder importing(WasiFunction... wanted) {
        for (WasiFunction function : wanted) {
            importing(WasiFunction.MODULE, function.importName(), function.type());
        }
        return this;
    }

    /** An import of anything. @param kind and what follows it */
    WasmBuilder importingRaw(String module, String name, int... kind) {
        imports.add(join(name(module), name(name), bytes(kind)));
        return this;
    }

    WasmBuilder importingMemory() {
        return importingRaw("helix", "memory", 2, 0, 1);
    }

    /** A type as it is in the binary, e.g. one of a proposal. */
    WasmBuilder rawType(int... type) {
        types.add(bytes(type));
        return this;
    }

    /** A section in the place of its number, or instead of what would be there. */
    WasmBuilder rawSection(int id, byte[] body) {
        rawSections.put(id, body);
        return this;
    }

    /** Runs function {@code index} when the module is instantiated. */
    WasmBuilder start(int index) {
        return rawSection(8, u32(index));
    }

    WasmBuilder custom(String name, byte[] content) {
        customs.add(join(name(name), content));
        return this;
    }

    WasmBuilder export(String name, int kind, int index) {
        exports.add(join(name(name), bytes(kind), u32(index)));
        return this;
    }

    WasmBuilder memory(int... limits) {
        memory = bytes(limits);
        return this;
    }

    WasmBuilder table(int... limits) {
        table = join(bytes(0x70), bytes(limits));
        return this;
    }

    WasmBuilder data(int offset, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        data.add(join(bytes(0), constant(offset), bytes(0x0b), u32(content.length), content));
        return this;
    }

    WasmBuilder handler(byte[]... code) {
        return function("helix_handle", 1, 1, code);
    }

    WasmBuilder function(String export, int parameters, int results, byte[]... code) {
        int index = importedFunctions + functions.size();
        functions.add(u32(type(parameters, I32, results)));
        exports.add(join(name(export), bytes(0), u32(index)));
        byte[] body = join(bytes(0), join(code), bytes(0x0b));
        bodies.add(join(u32(body.length), body));
        return this;
    }

    /** A function with local variables that is not exported. @param locals count and type, repeated */
    WasmBuilder hidden(byte[] locals, byte[]... code) {
        functions.add(u32(type(0, I32, 0)));
        byte[] body = join(locals, join(code), bytes(0x0b));
        bodies.add(join(u32(body.length), body));
        return this;
    }

    byte[] build() {
        exports.add(join(name("memory"), bytes(2, 0)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(bytes(0, 'a', 's', 'm', 1, 0, 0, 0));
        for (int id : ORDER) {
            byte[] raw = rawSections.get(id);
            if (raw != null) {
                out.writeBytes(join(bytes(id), u32(raw.length), raw));
            } else {
                section(out, id, items(id));
            }
        }
        for (byte[] custom : customs) {
            out.writeBytes(join(bytes(0), u32(custom.length), custom));
        }
        if (manifest.length > 0) {
            byte[] custom = join(name("helix.manifest"), manifest);
            out.writeBytes(join(bytes(0), u32(custom.length), custom));
        }
        return out.toByteArray();
    }

    private List<byte[]> items(int id) {
        return switch (id) {
            case 1 -> types;
            case 2 -> imports;
            case 3 -> functions;
            case 4 -> table.length == 0 ? List.of() : List.of(table);
            case 5 -> List.of(memory);
            case 7 -> exports;
            case 10 -> bodies;
            case 11 -> data;
            default -> List.of();
        };
    }

    private static void section(ByteArrayOutputStream out, int id, List<byte[]> items) {
        if (!items.isEmpty()) {
            byte[] body = join(u32(items.size()), join(items.toArray(byte[][]::new)));
            out.writeBytes(join(bytes(id), u32(body.length), body));
        }
    }

    private int type(int parameters, int parameterType, int results) {
        byte[] type = join(
                bytes(0x60), u32(parameters), repeat(parameterType, parameters), u32(results), repeat(I32, results));
        types.add(type);
        return types.size() - 1;
    }

    private int type(FunctionType type) {
        types.add(join(bytes(0x60), codes(type.parameters()), codes(type.results())));
        return types.size() - 1;
    }

    private static byte[] codes(List<String> names) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(u32(names.size()));
        names.forEach(name -> out.write("i32".equals(name) ? I32 : I64));
        return out.toByteArray();
    }

    static byte[] constant(int value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x41);
        int rest = value;
        while (rest < -64 || rest > 63) {
            out.write(rest & 0x7f | 0x80);
            rest >>= 7;
        }
        out.write(rest & 0x7f);
        return out.toByteArray();
    }

    static byte[] call(int function) {
        return join(bytes(0x10), u32(function));
    }

    /** Calls a function with constants and leaves its result. */
    static byte[] call(int function, int... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int argument : arguments) {
            out.writeBytes(constant(argument));
        }
        out.writeBytes(call(function));
        return out.toByteArray();
    }

    static byte[] drop() {
        return bytes(0x1a);
    }

    static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] repeat(int value, int count) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    static byte[] name(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return join(u32(bytes.length), bytes);
    }

    static byte[] u32(int value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int rest = value;
        while (rest > 0x7f) {
            out.write(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
        return out.toByteArray();
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
