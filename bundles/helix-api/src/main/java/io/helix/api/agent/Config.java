package io.helix.api.agent;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Describes a component of a configuration record; goes into its JSON Schema. A component without it is required. */
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.RECORD_COMPONENT)
public @interface Config {
    String value();

    /** JSON text of the default; a component with a default is optional and never null. */
    String defaultValue() default "";

    /** An optional component without default is null when it is left out. */
    boolean optional() default false;

    long min() default Long.MIN_VALUE;

    long max() default Long.MAX_VALUE;

    /** A regular expression (RE2 syntax) for strings. */
    String pattern() default "";
}
