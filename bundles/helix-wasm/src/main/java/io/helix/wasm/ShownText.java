package io.helix.wasm;

import java.util.regex.Pattern;

/**
 * Text of a guest on its way to people: into logs, records and answers. It must neither fill these nor look like what
 * Helix says itself, on a line of its own or with the order of its letters reversed.
 */
final class ShownText {
    private static final int LONGEST = 2_000;
    private static final String CUT = "...";
    /** Controls, ends of lines as Unicode has them, and what changes the direction of text. */
    private static final Pattern HIDDEN = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\u202a-\\u202e\\u2066-\\u2069]");

    private ShownText() {}

    /** On one line, and short enough for a message. */
    static String of(String text) {
        return oneLine(shortened(text));
    }

    static String oneLine(String text) {
        return HIDDEN.matcher(text).replaceAll(" ");
    }

    static String shortened(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return text.substring(0, end) + CUT;
    }
}
