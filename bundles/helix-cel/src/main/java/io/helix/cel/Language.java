package io.helix.cel;

import dev.cel.common.CelOptions;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.EnumSet;
import java.util.Set;

/** Which CEL Helix speaks: the standard, its macros, the strings extension, and the limits. */
final class Language {
    static final int MAX_SOURCE = 4096;

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

    static CelCompiler compiler(Set<String> variables) {
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addLibraries(CelExtensions.strings());
        variables.forEach(name -> builder.addVar(name, SimpleType.DYN));
        return builder.build();
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
