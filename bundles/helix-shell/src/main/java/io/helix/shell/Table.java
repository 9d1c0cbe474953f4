package io.helix.shell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Rows in columns that fit a terminal: the widest column gives way first, and what does not fit ends in an ellipsis. */
final class Table {
    static final int WIDTH = 100;

    private static final String GAP = "  ";
    private static final int LEAST = 6;

    private static final int LONGEST_WHOLE = 40;

    private final String[] headers;
    private final List<String[]> rows = new ArrayList<>();
    private Set<String> whole = Set.of();

    Table(String... headers) {
        this.headers = headers.clone();
    }

    /** Columns whose cells people copy: they give way last. */
    Table whole(String... named) {
        whole = Set.of(named);
        return this;
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

    private int[] fit(int[] widths) {
        int room = WIDTH - GAP.length() * (widths.length - 1);
        int over = Arrays.stream(widths).sum() - room;
        while (over > 0) {
            int widest = widest(widths, false);
            if (widths[widest] <= LEAST || keeps(widest, widths)) {
                widest = widest(widths, true);
            }
            if (widths[widest] <= LEAST) {
                break;
            }
            widths[widest]--;
            over--;
        }
        return widths;
    }

    private boolean keeps(int column, int[] widths) {
        return whole.contains(headers[column]) && widths[column] <= LONGEST_WHOLE;
    }

    private int widest(int[] widths, boolean any) {
        int widest = -1;
        for (int i = 0; i < widths.length; i++) {
            if ((any || !keeps(i, widths)) && (widest < 0 || widths[i] > widths[widest])) {
                widest = i;
            }
        }
        return Math.max(widest, 0);
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
