package io.helix.api.expression;

import io.helix.api.HelixException;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** Compiles CEL. Thread safe. */
@ProviderType
public interface Expressions {
    /**
     * Parses and type-checks {@code source}.
     *
     * @throws HelixException INVALID with line and column; also when the source is over 4,096 characters
     */
    Expression compile(String source, Scope scope);

    /**
     * The same for an expression that decides something.
     *
     * @throws HelixException INVALID also when its value can be neither true nor false
     */
    default Expression compileCondition(String source, Scope scope) {
        Expression condition = compile(source, scope);
        if (!condition.canBeBoolean()) {
            throw HelixException.invalid("the value is never true or false; compare it with something");
        }
        return condition;
    }

    /** With variables of dynamic type alone. */
    default Expression compile(String source, Set<String> variables) {
        return compile(source, new Scope(variables, Set.of(), Set.of()));
    }
}
