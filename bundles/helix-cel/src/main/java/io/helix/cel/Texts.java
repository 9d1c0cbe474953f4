package io.helix.cel;

import com.google.common.collect.ImmutableList;
import dev.cel.runtime.CelFunctionBinding;
import java.util.List;

/**
 * {@code replace} and {@code join} of the strings extension with a bound on their result: these two can make a long text
 * out of short ones in one step, before {@link Meter} sees it.
 */
final class Texts {
    private static final int MAX_LENGTH = 1024 * 1024;

    private Texts() {}

    static List<CelFunctionBinding> bindings() {
        return List.of(
                CelFunctionBinding.from("list_join", List.class, list -> join(list, "")),
                CelFunctionBinding.from("list_join_string", List.class, String.class, Texts::join),
                CelFunctionBinding.from(
                        "string_replace_string_string",
                        ImmutableList.of(String.class, String.class, String.class),
                        args -> replace((String) args[0], (String) args[1], (String) args[2], -1)),
                CelFunctionBinding.from(
                        "string_replace_string_string_int",
                        ImmutableList.of(String.class, String.class, String.class, Long.class),
                        args -> replace((String) args[0], (String) args[1], (String) args[2], (long) args[3])));
    }

    private static String join(List<?> parts, String separator) {
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            if (i > 0) {
                append(joined, separator);
            }
            if (!(parts.get(i) instanceof String part)) {
                throw new IllegalArgumentException("join needs a list of strings");
            }
            append(joined, part);
        }
        return joined.toString();
    }

    /** A negative limit means all; an empty {@code wanted} stands before every character and at the end. */
    private static String replace(String text, String wanted, String replacement, long limit) {
        StringBuilder replaced = new StringBuilder();
        int from = 0;
        for (long left = limit; left != 0; left--) {
            int at = text.indexOf(wanted, from);
            if (at < 0) {
                break;
            }
            append(replaced, text.substring(from, at));
            append(replaced, replacement);
            from = at + wanted.length();
            if (wanted.isEmpty()) {
                if (from == text.length()) {
                    break;
                }
                int next = text.offsetByCodePoints(from, 1);
                append(replaced, text.substring(from, next));
                from = next;
            }
        }
        append(replaced, text.substring(from));
        return replaced.toString();
    }

    private static void append(StringBuilder text, String part) {
        if (text.length() + (long) part.length() > MAX_LENGTH) {
            throw new Budget.Exhausted("the expression makes a text of more than " + MAX_LENGTH + " characters");
        }
        text.append(part);
    }
}
