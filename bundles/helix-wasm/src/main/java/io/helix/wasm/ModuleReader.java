package io.helix.wasm;

import io.helix.api.HelixException;
import io.helix.wasm.ModuleShape.Export;
import io.helix.wasm.ModuleShape.Import;
import io.helix.wasm.ModuleShape.Kind;
import io.helix.wasm.ModuleShape.Limits;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the shape of a module out of its binary. For one module. */
final class ModuleReader {
    static final String MANIFEST_SECTION = "helix.manifest";
    static final String HANDLERS_SECTION = "helix.handlers";
    private static final int MAX_MANIFEST = 64 * 1024;
    private static final int FUNCTION_TYPE = 0x60;

    /** What we keep of an item is much larger than its few bytes in the file, so the size of the file is no bound. */
    private static final int MOST_ITEMS = 100_000;

    private static final int MOST_VALUES = 1_000;

    private final byte[] wasm;
    private final List<FunctionType> types = new ArrayList<>();
    private final List<Import> imports = new ArrayList<>();
    private final List<@Nullable FunctionType> functions = new ArrayList<>();
    private final List<Limits> memories = new ArrayList<>();
    private final List<Limits> tables = new ArrayList<>();
    private final Map<String, Export> exports = new LinkedHashMap<>();
    private final ByteArrayOutputStream handlers = new ByteArrayOutputStream();
    private byte @Nullable [] manifest;

    private ModuleReader(byte[] wasm) {
        this.wasm = wasm;
    }

    static ModuleShape read(byte[] wasm) {
        return new ModuleReader(wasm).read();
    }

    private ModuleShape read() {
        for (Section section : Section.all(wasm)) {
            ByteCursor cursor = section.cursor(wasm);
            switch (section.id()) {
                case Section.CUSTOM -> readCustom(cursor);
                case Section.TYPE -> repeat(cursor, MOST_ITEMS, "types", () -> types.add(readType(cursor)));
                case Section.IMPORT -> repeat(cursor, MOST_ITEMS, "imports", () -> readImport(cursor));
                case Section.FUNCTION ->
                    repeat(cursor, MOST_ITEMS, "functions", () -> functions.add(type(cursor.u32())));
                case Section.TABLE -> repeat(cursor, MOST_ITEMS, "tables", () -> tables.add(readTable(cursor)));
                case Section.MEMORY ->
                    repeat(cursor, MOST_ITEMS, "memories", () -> memories.add(readLimits(cursor, "memory")));
                case Section.EXPORT -> repeat(cursor, MOST_ITEMS, "exports", () -> readExport(cursor));
                default -> {} // the engine validates code and data
            }
        }
        return new ModuleShape(imports, functions, memories, tables, exports, manifest, handlers.toByteArray());
    }

    private static void repeat(ByteCursor cursor, int most, String what, Runnable item) {
        int count = cursor.count();
        if (count > most) {
            throw HelixException.invalid("the module has " + count + " " + what + " in one place; at most " + most);
        }
        for (int i = 0; i < count; i++) {
            item.run();
        }
    }

    private void readCustom(ByteCursor cursor) {
        switch (cursor.name()) {
            case MANIFEST_SECTION -> {
                if (manifest != null) {
                    throw HelixException.invalid("section " + MANIFEST_SECTION + " is there twice");
                }
                manifest = cursor.rest();
                requireShort(manifest.length, MANIFEST_SECTION);
            }
            case HANDLERS_SECTION -> {
                handlers.writeBytes(cursor.rest());
                requireShort(handlers.size(), HANDLERS_SECTION);
            }
            default -> {} // names, producers and the like
        }
    }

    private static void requireShort(int length, String section) {
        if (length > MAX_MANIFEST) {
            throw HelixException.invalid("section " + section + " is longer than 64 KiB");
        }
    }

    private static FunctionType readType(ByteCursor cursor) {
        int form = cursor.u8();
        if (form != FUNCTION_TYPE) {
            throw HelixException.invalid("the module uses types other than functions (garbage collection);"
                    + " ABI helix/1 asks for WebAssembly 2.0 without proposals");
        }
        List<String> parameters = readValueTypes(cursor);
        return new FunctionType(parameters, readValueTypes(cursor));
    }

    private static List<String> readValueTypes(ByteCursor cursor) {
        List<String> names = new ArrayList<>();
        repeat(cursor, MOST_VALUES, "parameters or results", () -> names.add(valueType(cursor.u8())));
        return names;
    }

    private static String valueType(int code) {
        return switch (code) {
            case 0x7f -> "i32";
            case 0x7e -> "i64";
            case 0x7d -> "f32";
            case 0x7c -> "f64";
            case 0x7b ->
                throw HelixException.invalid(
                        "the module uses vectors (v128); ABI helix/1 has no SIMD: build without simd128");
            case 0x70 -> "funcref";
            case 0x6f -> "externref";
            default ->
                throw HelixException.invalid("the module uses the unknown value type 0x" + Integer.toHexString(code)
                        + "; ABI helix/1 asks for WebAssembly 2.0 without proposals");
        };
    }

    private void readImport(ByteCursor cursor) {
        String module = cursor.name();
        String name = cursor.name();
        switch (kind(cursor.u8())) {
            case FUNCTION -> {
                FunctionType type = type(cursor.u32());
                imports.add(new Import(module, name, Kind.FUNCTION, type));
                functions.add(type);
            }
            case MEMORY -> throw refusedImport(module, name, "a memory", "export your own as \"memory\" instead");
            case TABLE -> throw refusedImport(module, name, "a table", "define it in the module");
            case GLOBAL -> throw refusedImport(module, name, "a global", "define it in the module");
            case TAG -> throw refusedImport(module, name, "an exception tag", "build without wasm exceptions");
        }
    }

    private static HelixException refusedImport(String module, String name, String what, String advice) {
        return HelixException.invalid("the module imports " + what + " (" + module + "." + name + "), and ABI helix/1"
                + " offers functions only: " + advice);
    }

    private @Nullable FunctionType type(long index) {
        return index < types.size() ? types.get((int) index) : null;
    }

    private static Kind kind(int code) {
        return switch (code) {
            case 0 -> Kind.FUNCTION;
            case 1 -> Kind.TABLE;
            case 2 -> Kind.MEMORY;
            case 3 -> Kind.GLOBAL;
            case 4 -> Kind.TAG;
            default -> throw HelixException.invalid("the file is damaged: unknown kind of import or export " + code);
        };
    }

    private static Limits readTable(ByteCursor cursor) {
        String type = valueType(cursor.u8());
        if (!type.endsWith("ref")) {
            throw HelixException.invalid("the file is damaged: a table of " + type);
        }
        return readLimits(cursor, "table");
    }

    /** Only the two forms of WebAssembly 2.0: the others are shared, 64 bit and of unusual page size. */
    static Limits readLimits(ByteCursor cursor, String what) {
        int flags = cursor.u8();
        if (flags > 1) {
            throw HelixException.invalid("the " + what + " of the module is shared, 64 bit or of custom page size;"
                    + " build for plain wasm32 without threads");
        }
        long minimum = cursor.u32();
        return new Limits(minimum, flags == 1 ? cursor.u32() : -1);
    }

    private void readExport(ByteCursor cursor) {
        String name = cursor.name();
        Kind kind = kind(cursor.u8());
        long index = cursor.u32();
        if (exports.put(name, new Export(kind, (int) Math.min(index, Integer.MAX_VALUE))) != null) {
            throw HelixException.invalid("the file is damaged: export " + name + " is there twice");
        }
    }
}
