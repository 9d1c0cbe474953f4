package io.helix.sdk.processor;

import java.util.HashMap;
import java.util.Map;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.util.Elements;
import org.jspecify.annotations.Nullable;

/** What {@code @Config} says of a record component, or its defaults where the annotation is absent. */
record ComponentRules(String description, String defaultValue, boolean optional, long min, long max, String pattern) {
    private static final String CONFIG = "io.helix.api.agent.Config";

    static ComponentRules of(RecordComponentElement component, Elements elements) {
        for (AnnotationMirror mirror : component.getAnnotationMirrors()) {
            if (mirror.getAnnotationType().toString().equals(CONFIG)) {
                return read(mirror, elements);
            }
        }
        return new ComponentRules("", "", false, Long.MIN_VALUE, Long.MAX_VALUE, "");
    }

    private static ComponentRules read(AnnotationMirror mirror, Elements elements) {
        Map<String, Object> values = new HashMap<>();
        elements.getElementValuesWithDefaults(mirror)
                .forEach((method, value) -> values.put(method.getSimpleName().toString(), value.getValue()));
        return new ComponentRules(
                text(values.get("value")),
                text(values.get("defaultValue")),
                Boolean.TRUE.equals(values.get("optional")),
                number(values.get("min"), Long.MIN_VALUE),
                number(values.get("max"), Long.MAX_VALUE),
                text(values.get("pattern")));
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : "";
    }

    private static long number(@Nullable Object value, long absent) {
        return value instanceof Long number ? number : absent;
    }

    boolean required() {
        return defaultValue.isEmpty() && !optional;
    }

    boolean nullWhenLeftOut() {
        return defaultValue.isEmpty() && optional;
    }

    boolean bounded() {
        return min != Long.MIN_VALUE || max != Long.MAX_VALUE;
    }
}
