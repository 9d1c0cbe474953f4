package io.helix.shell;

import java.io.PrintStream;
import java.util.Collection;

/**
 * Where a command shows its result.
 *
 * @param json whether the person asked for JSON in place of a table
 */
record Screen(PrintStream out, boolean json) {
    void line(String text) {
        out.println(Table.visible(text));
    }

    /** Text of several lines whose control characters, but for line breaks, are taken out. */
    void text(String text) {
        text.lines()
                .forEach(line -> out.println(line.replaceAll("\\p{Cntrl}", " ").stripTrailing()));
    }

    void json(Object value) {
        out.println(ShellForms.json(value));
    }

    /** The items as JSON, or else the table that shows them. */
    void list(Collection<?> items, Table table, String none) {
        if (json) {
            json(items);
        } else if (table.empty()) {
            line(none);
        } else {
            table.lines().forEach(out::println);
        }
    }
}
