package io.helix.cel;

import dev.cel.common.CelOptions;
import dev.cel.common.types.NullableType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.parser.CelMacro;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.helix.api.expression.Scope;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which CEL Helix speaks: the standard, its macros, the strings extension, and the limits. */
final class Language {
    static final int MAX_SOURCE = 4096;

    private static final List<String> TEXTS = List.of("specversion", "id", "source", "type", "time", "subject");

    private static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(MAX_SOURCE)
            .maxParseRecursionDepth(250)
            .maxParseErrorRecoveryLimit(10)
            .comprehensionMaxIterations(10_000)
            .maxRegexProgramSize(500)
            .enableHeterogeneousNumericComparisons(true)
            .errorOnIntWrap(true)
            .build();

    private Language() {}

    /** For the program: attributes of events are dynamic, since what is selected at run time is a field of a map. */
    static CelCompiler compiler(Set<String> variables) {
        CelCompilerBuilder builder = builder(CelStandardMacro.STANDARD_MACROS);
        variables.forEach(name -> builder.addVar(name, SimpleType.DYN));
        return builder.build();
    }

    /**
     * For the check alone: {@code event.type} is declared as a name of its own, which CEL finds before the field of the
     * variable {@code event}. Each may stand where null
     * may, in a comparison or beside it in a choice. A name is no field that {@code has} could ask for, so
     * that is taken as it is: whether it is well formed, the other compiler knows.
     */
    static CelCompiler checker(Scope scope) {
        CelCompilerBuilder builder = builder(EnumSet.complementOf(EnumSet.of(CelStandardMacro.HAS)))
                .addMacros(CelMacro.newGlobalMacro(
                        "has", 1, (macro, target, arguments) -> Optional.of(macro.newBoolLiteral(true))));
        scope.variables().forEach(name -> builder.addVar(name, SimpleType.DYN));
        for (String event : scope.events()) {
            TEXTS.forEach(attribute -> builder.addVar(event + "." + attribute, NullableType.create(SimpleType.STRING)));
        }
        return builder.build();
    }

    private static CelCompilerBuilder builder(Set<CelStandardMacro> macros) {
        return CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(macros)
                .addLibraries(CelExtensions.strings());
    }

    static CelRuntime runtime() {
        return CelRuntimeFactory.standardCelRuntimeBuilder()
                .setOptions(OPTIONS)
                .addLibraries(CelExtensions.strings(EnumSet.complementOf(
                        EnumSet.of(CelStringExtensions.Function.JOIN, CelStringExtensions.Function.REPLACE))))
                .addFunctionBindings(Texts.bindings())
                .build();
    }
}
