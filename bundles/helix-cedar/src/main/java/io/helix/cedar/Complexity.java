package io.helix.cedar;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * How far the native side has to recurse for a statement, at most. It does so without a bound, and an overflow there
 * ends the server.
 *
 * @param depth of brackets in brackets; an {@code if} nests without one
 * @param operators with the brackets that open, because an index makes a chain too
 */
record Complexity(int depth, int operators) {
    static Complexity of(String statement) {
        Scan scan = new Scan(statement);
        int at = 0;
        while (at < statement.length()) {
            at = scan.token(at);
        }
        return new Complexity(scan.deepest, scan.operators);
    }

    private static final class Scan {
        private static final Set<String> WORDS = Set.of("if", "in", "is", "has", "like");
        private static final Set<String> PAIRS = Set.of("&&", "||", "==", "!=", "<=", ">=");

        private final String text;
        private final Deque<Integer> outside = new ArrayDeque<>();
        private int depth;
        private int deepest;
        private int operators;

        Scan(String text) {
            this.text = text;
        }

        int token(int at) {
            char c = text.charAt(at);
            if (isLetter(c)) {
                return word(at);
            }
            if ("([{".indexOf(c) >= 0) {
                open();
            } else if (")]}".indexOf(c) >= 0) {
                close();
            } else if ("&|!=<>.+-*%".indexOf(c) >= 0) {
                return operator(at);
            }
            return StatementCutter.afterToken(text, at);
        }

        private int word(int start) {
            int end = start;
            while (end < text.length() && (isLetter(text.charAt(end)) || isDigit(text.charAt(end)))) {
                end++;
            }
            String word = text.substring(start, end);
            operators += WORDS.contains(word) ? 1 : 0;
            if (word.equals("if")) {
                deeper();
            }
            return end;
        }

        private int operator(int at) {
            operators++;
            return at + (at + 2 <= text.length() && PAIRS.contains(text.substring(at, at + 2)) ? 2 : 1);
        }

        private void open() {
            outside.push(depth);
            operators++;
            deeper();
        }

        private void close() {
            depth = outside.isEmpty() ? depth : outside.pop();
        }

        private void deeper() {
            depth++;
            deepest = Math.max(deepest, depth);
        }

        private static boolean isLetter(char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }
    }
}
