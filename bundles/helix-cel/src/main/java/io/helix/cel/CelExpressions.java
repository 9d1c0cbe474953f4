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
import io.helix.api.expression.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Compiles CEL. Loading the library takes about half a second, so that is begun on a thread of its own. */
@Component
public final class CelExpressions implements Expressions {
    private static final int MAX_COMPILERS = 32;
    private static final int MAX_PROBLEMS = 5;
    private static final Pattern NO_OVERLOAD =
            Pattern.compile("^found no matching overload for '_?([^'_]+)_?' applied to '\\((.*?)\\)'");

    private final Map<Scope, Compilers> compilers = new LinkedHashMap<>(16, 0.75f, true);

    /** One makes programs, the other knows more of types. */
    private record Compilers(CelCompiler program, CelCompiler check) {
        static Compilers of(Scope scope) {
            CelCompiler program = Language.compiler(scope.variables());
            return new Compilers(program, scope.events().isEmpty() ? program : Language.checker(scope));
        }
    }

    @Activate
    public CelExpressions() {
        Thread.ofPlatform().name("helix-cel-warm-up").daemon().start(CelExpressions::warmUp);
    }

    private static void warmUp() {
        Runtime.instance();
        Language.compiler(Set.of());
    }

    @Override
    public Expression compile(String source, Scope scope) {
        if (source.length() > Language.MAX_SOURCE) {
            throw HelixException.invalid("the expression has " + source.length() + " characters, at most "
                    + Language.MAX_SOURCE + " are allowed");
        }
        try {
            Compilers both = compilers(scope);
            CelAbstractSyntaxTree tree = both.program().compile(source).getAst();
            boolean hides = FreeVariables.hides(tree.getExpr(), scope.variables());
            CelAbstractSyntaxTree typed =
                    hides ? tree : both.check().compile(source).getAst();
            return new CelExpression(
                    source,
                    tree.getExpr(),
                    typed.getResultType().kind(),
                    FreeVariables.of(tree.getExpr(), scope.variables()),
                    Flags.of(
                            tree.getExpr(),
                            FreeVariables.hides(tree.getExpr(), scope.flags()) ? Set.of() : scope.flags()),
                    Runtime.instance().createProgram(tree));
        } catch (CelValidationException e) {
            throw invalid(e);
        } catch (CelEvaluationException | IllegalArgumentException e) {
            throw new HelixException(ErrorKind.INVALID, "the expression is not valid: " + e.getMessage(), e);
        } catch (StackOverflowError e) {
            throw HelixException.invalid("the expression is nested too deeply");
        }
    }

    private Compilers compilers(Scope scope) {
        synchronized (compilers) {
            Compilers known = compilers.computeIfAbsent(scope, Compilers::of);
            if (compilers.size() > MAX_COMPILERS) {
                compilers.remove(compilers.keySet().iterator().next());
            }
            return known;
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
        return new Problem(where, message(issue.getMessage()));
    }

    /** CEL lists all that an operator takes, in words of its own. */
    private static String message(String message) {
        Matcher overload = NO_OVERLOAD.matcher(message);
        return overload.find()
                ? "'" + overload.group(1) + "' does not take ("
                        + overload.group(2).replaceAll("wrapper\\((\\w+)\\)", "$1")
                        + "); attributes of an event are text, and fields of data are what they are"
                : message;
    }

    /** Holds the one runtime; made by whoever needs it first. */
    private static final class Runtime {
        private static final CelRuntime INSTANCE = Language.runtime();

        static CelRuntime instance() {
            return INSTANCE;
        }
    }
}
