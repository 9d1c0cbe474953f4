package io.helix.wasm;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a module says of itself before any of it is compiled.
 *
 * @param functionTypes of the functions the module defines or imports, by function index; null where the type index is wrong
 * @param exports by name
 * @param manifest the raw JSON of section {@code helix.manifest}
 * @param handlers the lines of sections {@code helix.handlers}
 */
record ModuleShape(
        List<Import> imports,
        List<@Nullable FunctionType> functionTypes,
        List<Limits> memories,
        List<Limits> tables,
        Map<String, Export> exports,
        byte @Nullable [] manifest,
        byte[] handlers) {

    enum Kind {
        FUNCTION,
        TABLE,
        MEMORY,
        GLOBAL,
        TAG
    }

    record Import(
            String module, String name, Kind kind, @Nullable FunctionType type) {}

    record Export(Kind kind, int index) {}

    /** @param maximum -1 when the module does not state one */
    record Limits(long minimum, long maximum) {}

    @Nullable
    FunctionType exportedFunction(String name) {
        Export export = exports.get(name);
        if (export == null || export.kind() != Kind.FUNCTION || export.index() >= functionTypes.size()) {
            return null;
        }
        return functionTypes.get(export.index());
    }
}
