package io.helix.cedar;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts the text of a policy document after each semicolon that is neither in a string nor in a comment. Cedar reads the
 * statements by itself, but refuses a text with one mistake as a whole, and does not say where it is.
 */
final class StatementCutter {
    private static final char NEXT_LINE = 0x85;

    private StatementCutter() {}

    /** The statements without the comments between them; what follows the last semicolon is one, if it is not blank. */
    static List<String> cut(String text) {
        List<String> statements = new ArrayList<>();
        int start = skipBlank(text, 0);
        while (start < text.length()) {
            int end = end(text, start);
            statements.add(text.substring(start, end));
            start = skipBlank(text, end);
        }
        return statements;
    }

    private static int end(String text, int start) {
        int at = start;
        while (at < text.length() && text.charAt(at) != ';') {
            at = afterToken(text, at);
        }
        return Math.min(at + 1, text.length());
    }

    /** Of a string or a comment, or else of a character. */
    static int afterToken(String text, int at) {
        if (text.charAt(at) == '"') {
            return afterString(text, at);
        }
        return isComment(text, at) ? afterComment(text, at) : at + 1;
    }

    private static int afterString(String text, int quote) {
        int at = quote + 1;
        while (at < text.length() && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(at + 1, text.length());
    }

    /** Over spaces and comments. */
    static int skipBlank(String text, int from) {
        int at = from;
        while (at < text.length() && (isComment(text, at) || isSpace(text.charAt(at)))) {
            at = isComment(text, at) ? afterComment(text, at) : at + 1;
        }
        return at;
    }

    /** White_Space of Unicode, as Cedar means it; Character.isWhitespace takes what Cedar refuses. */
    private static boolean isSpace(char c) {
        return Character.isSpaceChar(c) || (c >= '\t' && c <= '\r') || c == NEXT_LINE;
    }

    private static boolean isComment(String text, int at) {
        return text.startsWith("//", at);
    }

    /** To Cedar a carriage return ends a line too. */
    private static int afterComment(String text, int slashes) {
        int at = slashes;
        while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
            at++;
        }
        return at;
    }
}
