package io.helix.api.rule;

import java.util.List;

/** A node of a pattern. */
public sealed interface Condition {
    /** True if every part is true; true when empty. */
    record AllOf(List<Condition> parts) implements Condition {
        public AllOf {
            parts = List.copyOf(parts);
        }
    }

    /** True if some part is true. */
    record AnyOf(List<Condition> parts) implements Condition {
        public AnyOf {
            parts = List.copyOf(parts);
        }
    }

    /**
     * True if some value at the path passes some test. A path through arrays visits every element.
     *
     * @param path steps from the envelope: {@code [type]}, {@code [data, issue, title]}
     */
    record Field(List<String> path, List<ValueTest> tests) implements Condition {
        public Field {
            path = List.copyOf(path);
            tests = List.copyOf(tests);
        }

        public String dottedPath() {
            return String.join(".", path);
        }
    }
}
