package io.helix.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.compiler.CelCompiler;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.Problem;
import io.helix.api.expression.Expression;
import io.helix.api.expression.Expressions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Compiles CEL. Loading the library takes about half a second, so that is begun on a thread of its own. */
@Component
public final class CelExpressions implements Expressions {
    private static final int MAX_COMPILERS = 32;
    private static final int MAX_PROBLEMS = 5;

    private final Map<Set<String>, CelCompiler> compilers = new LinkedHashMap<>(16, 0.75f, true);

    @Activate
    public CelExpressions() {
        Thread.ofPlatform().name("helix-cel-warm-up").daemon().start(CelExpressions::warmUp);
    }

    private static void warmUp() {
        Runtime.instance();
        Language.compiler(Set.of());
    }

    @Override
    public Expression compile(String source, Set<String> variables) {
        if (source.length() > Language.MAX_SOURCE) {
            throw HelixException.invalid("the expression has " + source.length() + " characters, at most "
                    + Language.MAX_SOURCE + " are allowed");
        }
        try {
            CelAbstractSyntaxTree tree =
                    compiler(Set.copyOf(variables)).compile(source).getAst();
            return new CelExpression(
                    source,
                    tree.getExpr(),
                    tree.getResultType().kind(),
                    FreeVariables.of(tree.getExpr(), variables),
                    Runtime.instance().createProgram(tree));
        } catch (CelValidationException e) {
            throw invalid(e);
        } catch (CelEvaluationException | IllegalArgumentException e) {
            throw new HelixException(ErrorKind.INVALID, "the expression is not valid: " + e.getMessage(), e);
        } catch (StackOverflowError e) {
            throw HelixException.invalid("the expression is nested too deeply");
        }
    }

    private CelCompiler compiler(Set<String> variables) {
        synchronized (compilers) {
            CelCompiler compiler = compilers.computeIfAbsent(variables, Language::compiler);
            if (compilers.size() > MAX_COMPILERS) {
                compilers.remove(compilers.keySet().iterator().next());
            }
            return compiler;
        }
    }

    private static HelixException invalid(CelValidationException e) {
        List<Problem> problems = e.getErrors().stream()
                .limit(MAX_PROBLEMS)
                .map(CelExpressions::problem)
                .toList();
        String message = problems.isEmpty()
                ? String.valueOf(e.getMessage())
                : problems.getFirst().toString();
        return new HelixException(ErrorKind.INVALID, message, problems);
    }

    private static Problem problem(CelIssue issue) {
        var place = issue.getSourceLocation();
        String where = place.getLine() > 0 ? "line " + place.getLine() + ", column " + (place.getColumn() + 1) : "";
        return new Problem(where, issue.getMessage());
    }

    /** Holds the one runtime; made by whoever needs it first. */
    private static final class Runtime {
        private static final CelRuntime INSTANCE = Language.runtime();

        static CelRuntime instance() {
            return INSTANCE;
        }
    }
}
