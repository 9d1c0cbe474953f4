package io.helix.runtime.document;

import java.util.ArrayList;
import java.util.List;

/** A wildcard, taken apart: the literals between its stars; one literal when it has none. */
record Glob(List<String> literals) {
    static Glob of(String text) {
        List<String> literals = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '*') {
                literals.add(literal.toString());
                literal.setLength(0);
            } else {
                literal.append(c == '\\' && i + 1 < text.length() ? text.charAt(++i) : c);
            }
        }
        literals.add(literal.toString());
        return new Glob(literals);
    }

    TextShape shape() {
        if (literals.size() == 1) {
            return TextShape.whole(literals.getFirst(), false);
        }
        boolean gaps = literals.subList(1, literals.size() - 1).stream().anyMatch(literal -> !literal.isEmpty());
        return new TextShape(literals.getFirst(), literals.getLast(), false, false, gaps);
    }

    boolean matches(String text) {
        String head = literals.getFirst();
        String tail = literals.getLast();
        if (literals.size() == 1) {
            return text.equals(head);
        }
        int end = text.length() - tail.length();
        if (!text.startsWith(head) || !text.endsWith(tail) || end < head.length()) {
            return false;
        }
        int at = head.length();
        for (String literal : literals.subList(1, literals.size() - 1)) {
            int found = text.indexOf(literal, at);
            if (found < 0 || found + literal.length() > end) {
                return false;
            }
            at = found + literal.length();
        }
        return true;
    }
}
