package io.helix.cel;

import dev.cel.common.Operator;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code event.data.a['b.c']} as the path of a pattern: {@code [data, a, b.c]}. */
final class EventPaths {
    /** The envelope says it of itself; a pattern would look for an extension of that name. */
    private static final String SPEC_VERSION = "specversion";

    private static final Pattern ATTRIBUTE = Pattern.compile("[a-z0-9]{1,64}");
    private static final String DATA = "data";

    private final String variable;

    EventPaths(String variable) {
        this.variable = variable;
    }

    /** Empty when it is not the path of something that a pattern can look at. */
    Optional<List<String>> of(CelExpr expression) {
        return steps(expression).filter(EventPaths::visible);
    }

    /** The path that a {@code has(...)} asks for. */
    Optional<List<String>> asked(CelExpr.CelSelect presence) {
        return steps(presence.operand())
                .map(above -> extended(above, presence.field()))
                .filter(EventPaths::visible);
    }

    static boolean isAttribute(List<String> path) {
        return !path.getFirst().equals(DATA);
    }

    private static boolean visible(List<String> path) {
        if (path.isEmpty()) {
            return false;
        }
        String first = path.getFirst();
        return first.equals(DATA)
                || path.size() == 1
                        && !first.equals(SPEC_VERSION)
                        && ATTRIBUTE.matcher(first).matches();
    }

    private Optional<List<String>> steps(CelExpr expression) {
        return switch (expression.getKind()) {
            case IDENT -> isVariable(expression.ident().name()) ? Optional.of(List.of()) : Optional.empty();
            case SELECT ->
                expression.select().testOnly()
                        ? Optional.empty()
                        : below(
                                expression.select().operand(),
                                expression.select().field());
            case CALL -> indexed(expression.call());
            case CONSTANT, LIST, MAP, STRUCT, COMPREHENSION, NOT_SET -> Optional.empty();
        };
    }

    private boolean isVariable(String name) {
        return name.equals(variable) || name.equals("." + variable);
    }

    private Optional<List<String>> indexed(CelExpr.CelCall call) {
        return Operator.INDEX.getFunction().equals(call.function())
                ? Literals.of(call.args().get(1))
                        .filter(key -> key.getKind() == CelConstant.Kind.STRING_VALUE)
                        .flatMap(key -> below(call.args().get(0), key.stringValue()))
                : Optional.empty();
    }

    private Optional<List<String>> below(CelExpr above, String step) {
        return steps(above).map(path -> extended(path, step));
    }

    private static List<String> extended(List<String> path, String step) {
        List<String> longer = new ArrayList<>(path);
        longer.add(step);
        return longer;
    }
}
