package io.helix.wasm;

import io.helix.api.HelixException;
import io.helix.wasm.ModuleShape.Export;
import io.helix.wasm.ModuleShape.Import;
import io.helix.wasm.ModuleShape.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a module fits ABI helix/1. Tells all that is wrong at once, so that its author needs one round. */
final class AbiCheck {
    private static final FunctionType HANDLER = FunctionType.ofInts(1, 1);
    private static final int MOST_TOLD = 10;
    private static final FunctionType INITIALIZE = FunctionType.ofInts(0, 0);
    private static final FunctionType INIT = FunctionType.ofInts(0, 1);

    private final ModuleShape shape;
    private final List<String> problems = new ArrayList<>();

    private AbiCheck(ModuleShape shape) {
        this.shape = shape;
    }

    /** @throws HelixException INVALID */
    static void check(ModuleShape shape, Manifest manifest) {
        AbiCheck check = new AbiCheck(shape);
        shape.imports().forEach(check::checkImport);
        check.checkMemory();
        manifest.handlers().forEach(handler -> check.requireHandler(handler.export()));
        check.checkOptional("_initialize", INITIALIZE);
        check.checkOptional("helix_init", INIT);
        if (!check.problems.isEmpty()) {
            throw HelixException.invalid(check.told());
        }
    }

    private String told() {
        String first = String.join("; ", problems.subList(0, Math.min(MOST_TOLD, problems.size())));
        return problems.size() <= MOST_TOLD ? first : first + "; and " + (problems.size() - MOST_TOLD) + " more";
    }

    private void checkImport(Import wanted) {
        switch (wanted.module()) {
            case HostFunction.MODULE -> {
                HostFunction offered = HostFunction.named(wanted.name());
                checkImport(wanted, offered == null ? null : offered.type());
            }
            case WasiFunction.MODULE -> {
                WasiFunction offered = WasiFunction.named(wanted.name());
                checkImport(wanted, offered == null ? null : offered.type());
            }
            default ->
                problems.add("imports " + name(wanted) + ": only functions of " + HostFunction.MODULE + " and "
                        + WasiFunction.MODULE + " are offered");
        }
    }

    private void checkImport(Import wanted, @Nullable FunctionType offered) {
        if (offered == null) {
            problems.add("needs function " + name(wanted) + ", which ABI helix/1 of this host does not have");
        } else if (!offered.equals(wanted.type())) {
            problems.add("imports " + name(wanted) + " as " + wanted.type() + "; it is " + offered);
        }
    }

    private static String name(Import wanted) {
        return wanted.module() + "." + wanted.name();
    }

    private void checkMemory() {
        Export memory = shape.exports().get("memory");
        if (memory == null || memory.kind() != Kind.MEMORY) {
            problems.add("must export its memory as \"memory\"");
        }
    }

    private void requireHandler(String export) {
        if (shape.exports().containsKey(export)) {
            requireType(export, HANDLER, shape.exportedFunction(export));
        } else {
            problems.add("must export function " + export + " " + HANDLER + ", which its manifest names as a handler");
        }
    }

    private void checkOptional(String export, FunctionType expected) {
        if (shape.exports().containsKey(export)) {
            requireType(export, expected, shape.exportedFunction(export));
        }
    }

    private void requireType(String export, FunctionType expected, @Nullable FunctionType found) {
        if (!expected.equals(found)) {
            problems.add("exports " + export + " as " + (found == null ? "something else than a function" : found)
                    + "; it must be " + expected);
        }
    }
}
