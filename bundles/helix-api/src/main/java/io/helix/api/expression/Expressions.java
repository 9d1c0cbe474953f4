package io.helix.api.expression;

import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** Compiles CEL. Thread safe. */
@ProviderType
public interface Expressions {
    /**
     * Parses and type-checks {@code source}. Every variable is of dynamic type.
     *
     * @throws io.helix.api.HelixException INVALID with line and column; also when the source is over 4,096 characters
     */
    Expression compile(String source, Set<String> variables);
}
