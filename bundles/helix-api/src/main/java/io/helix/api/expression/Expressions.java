package io.helix.api.expression;

import io.helix.api.HelixException;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** Compiles CEL. Thread safe. */
@ProviderType
public interface Expressions {
    /**
     * Parses and type-checks {@code source}. Every variable is of dynamic type.
     *
     * @throws HelixException INVALID with line and column; also when the source is over 4,096 characters
     */
    Expression compile(String source, Set<String> variables);

    /**
     * The same for an expression that decides something.
     *
     * @throws HelixException INVALID also when its value can be neither true nor false
     */
    default Expression compileCondition(String source, Set<String> variables) {
        Expression condition = compile(source, variables);
        if (!condition.canBeBoolean()) {
            throw HelixException.invalid("the value is never true or false; compare it with something");
        }
        return condition;
    }
}
