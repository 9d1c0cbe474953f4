package io.helix.api;

import java.util.regex.Pattern;

/** The charset of names that users choose; the same in documents, subjects, URLs and policies. */
public final class Names {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** What can stand behind {@code facts.} in an expression. */
    public static final String FACT = "[a-zA-Z_][a-zA-Z0-9_]{0,62}";

    private Names() {}

    /** @throws HelixException INVALID when no expression could say it */
    public static void requireFact(String name) {
        if (!name.matches(FACT)) {
            throw HelixException.invalid("'" + name + "' is not a name of a fact: use 1 to 63 of a-z, A-Z, 0-9 and '_',"
                    + " not beginning with a digit, so that expressions can say facts.name");
        }
    }

    /** Returns {@code name} if it is 1 to 63 of {@code a-z 0-9 -}, not starting or ending with a hyphen. */
    public static String require(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw HelixException.invalid(what + " '" + name
                    + "' is not a name: use 1 to 63 of a-z, 0-9 and '-', beginning and ending with a letter or digit");
        }
        return name;
    }

    public static boolean valid(String name) {
        return NAME.matcher(name).matches();
    }
}
