package io.helix.api.agent;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes an {@link Action} an agent type. At build time the annotated class, which needs a public constructor without parameters, gets its
 * service registration, and the record that is its configuration gets its JSON Schema.
 */
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.TYPE)
public @interface ActionAgent {
    /** E.g. {@code http.request}. */
    String type();

    /** {@code major.minor.patch}. */
    String version() default "1.0.0";

    /** One sentence for people who choose an agent. */
    String description();
}
