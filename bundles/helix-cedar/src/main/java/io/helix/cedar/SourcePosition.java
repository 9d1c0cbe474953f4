package io.helix.cedar;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Where in a text something is, counted from 1; a column is one code point. */
record SourcePosition(int line, int column) {
    /** @param offset in bytes of the text in UTF-8, as Cedar counts */
    static SourcePosition of(String text, int offset) {
        byte[] bytes = text.getBytes(UTF_8);
        String before = new String(bytes, 0, Math.clamp(offset, 0, bytes.length), UTF_8);
        int lineStart = before.lastIndexOf('\n') + 1;
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        return new SourcePosition(line, before.codePointCount(lineStart, before.length()) + 1);
    }

    @Override
    public String toString() {
        return "line " + line + ", column " + column;
    }
}
