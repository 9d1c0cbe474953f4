package io.helix.cel;

import dev.cel.common.ast.CelExpr;
import java.util.HashSet;
import java.util.Set;

/** Finds the declared variables that an expression refers to, whatever names its comprehensions use. */
final class FreeVariables {
    private final Set<String> declared;
    private final Set<String> found = new HashSet<>();
    private boolean hides;

    private FreeVariables(Set<String> declared) {
        this.declared = declared;
    }

    static Set<String> of(CelExpr expression, Set<String> declared) {
        FreeVariables variables = new FreeVariables(declared);
        variables.visit(expression, Set.of());
        return Set.copyOf(variables.found);
    }

    /** Whether a comprehension uses the name of a declared variable for another thing. */
    static boolean hides(CelExpr expression, Set<String> declared) {
        FreeVariables variables = new FreeVariables(declared);
        variables.visit(expression, Set.of());
        return variables.hides;
    }

    private void visit(CelExpr expression, Set<String> bound) {
        switch (expression.getKind()) {
            case IDENT -> name(expression.ident().name(), bound);
            case SELECT -> visit(expression.select().operand(), bound);
            case CALL -> {
                expression.call().target().ifPresent(target -> visit(target, bound));
                expression.call().args().forEach(argument -> visit(argument, bound));
            }
            case LIST -> expression.list().elements().forEach(element -> visit(element, bound));
            case MAP ->
                expression.map().entries().forEach(entry -> {
                    visit(entry.key(), bound);
                    visit(entry.value(), bound);
                });
            case STRUCT -> expression.struct().entries().forEach(entry -> visit(entry.value(), bound));
            case COMPREHENSION -> comprehension(expression.comprehension(), bound);
            case CONSTANT, NOT_SET -> {}
        }
    }

    private void comprehension(CelExpr.CelComprehension loop, Set<String> outer) {
        visit(loop.iterRange(), outer);
        visit(loop.accuInit(), outer);
        hides |= declared.contains(loop.iterVar()) || declared.contains(loop.iterVar2());
        Set<String> after = with(outer, loop.accuVar());
        Set<String> inside = with(with(after, loop.iterVar()), loop.iterVar2());
        visit(loop.loopCondition(), inside);
        visit(loop.loopStep(), inside);
        visit(loop.result(), after);
    }

    private static Set<String> with(Set<String> names, String name) {
        Set<String> more = new HashSet<>(names);
        more.add(name);
        return more;
    }

    /** The library takes a leading dot for nothing, also where a comprehension hides the variable. */
    private void name(String name, Set<String> bound) {
        String plain = name.startsWith(".") ? name.substring(1) : name;
        if (declared.contains(plain) && !bound.contains(plain)) {
            found.add(plain);
        }
    }
}
