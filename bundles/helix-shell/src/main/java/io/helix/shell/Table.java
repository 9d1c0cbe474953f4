package io.helix.shell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows in columns that fit a terminal: the widest column gives way first, and what does not fit ends in an ellipsis. */
final class Table {
    static final int WIDTH = 100;

    private static final String GAP = "  ";
    private static final int LEAST = 6;

    private final String[] headers;
    private final List<String[]> rows = new ArrayList<>();

    Table(String... headers) {
        this.headers = headers.clone();
    }

    Table row(Object... cells) {
        rows.add(Arrays.stream(cells).map(cell -> visible(String.valueOf(cell))).toArray(String[]::new));
        return this;
    }

    boolean empty() {
        return rows.isEmpty();
    }

    List<String> lines() {
        int[] widths = fit(natural());
        List<String> lines = new ArrayList<>(rows.size() + 1);
        lines.add(line(headers, widths));
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    private int[] natural() {
        int[] widths = new int[headers.length];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = headers[i].length();
            for (String[] row : rows) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        return widths;
    }

    private static int[] fit(int[] widths) {
        int room = WIDTH - GAP.length() * (widths.length - 1);
        int over = Arrays.stream(widths).sum() - room;
        while (over > 0) {
            int widest = widest(widths);
            if (widths[widest] <= LEAST) {
                break;
            }
            widths[widest]--;
            over--;
        }
        return widths;
    }

    private static int widest(int[] widths) {
        int widest = 0;
        for (int i = 1; i < widths.length; i++) {
            widest = widths[i] > widths[widest] ? i : widest;
        }
        return widest;
    }

    private static String line(String[] cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            String cell = shorten(cells[i], widths[i]);
            line.append(i == 0 ? "" : GAP).append(cell).append(" ".repeat(widths[i] - cell.length()));
        }
        return line.toString().stripTrailing();
    }

    static String shorten(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }

    /** What comes from events must not steer the terminal. */
    static String visible(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ").strip();
    }
}
