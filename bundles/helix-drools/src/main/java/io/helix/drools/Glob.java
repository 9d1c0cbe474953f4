package io.helix.drools;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A wildcard, as the texts between its stars. Takes each text at its first place, so it never goes back. */
final class Glob implements Predicate<String> {
    private final List<String> texts;

    Glob(String glob) {
        this.texts = split(glob);
    }

    private static List<String> split(String glob) {
        List<String> texts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (c == '*') {
                texts.add(text.toString());
                text.setLength(0);
            } else {
                boolean escape = c == '\\' && i + 1 < glob.length();
                text.append(escape ? glob.charAt(++i) : c);
            }
        }
        texts.add(text.toString());
        return texts;
    }

    @Override
    public boolean test(String text) {
        String first = texts.get(0);
        if (texts.size() == 1) {
            return text.equals(first);
        }
        String last = texts.get(texts.size() - 1);
        int end = text.length() - last.length();
        int at = first.length();
        if (!text.startsWith(first) || at > end || !text.endsWith(last)) {
            return false;
        }
        for (int i = 1; i < texts.size() - 1; i++) {
            String next = texts.get(i);
            int found = text.indexOf(next, at);
            if (found < 0 || found + next.length() > end) {
                return false;
            }
            at = found + next.length();
        }
        return true;
    }
}
