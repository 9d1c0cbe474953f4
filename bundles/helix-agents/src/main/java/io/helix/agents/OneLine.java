package io.helix.agents;

/** Text from outside as a single line, so that it cannot pretend to be several. */
final class OneLine {
    private OneLine() {}

    /** Line breaks and tabs become visible escapes, other control characters a question mark. */
    static String of(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                // Next line, line separator, paragraph separator: line breaks too for many readers.
                case 0x85, 0x2028, 0x2029 -> out.append("\\n");
                default -> out.appendCodePoint(Character.isISOControl(c) ? '?' : c);
            }
        });
        return out.toString();
    }
}
