package io.helix.bench;

import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Shows figures to people and to programs. */
final class Report {
    private static final String ROW = "%-34s %12s %-10s %-22s %12s %8s %8s  %s%n";

    private final List<Figure> figures;

    Report(List<Figure> figures) {
        this.figures = figures;
    }

    void print(PrintStream out) {
        out.printf(ROW, "what", "value", "unit", "peer", "peer value", "ratio", "bar", "met");
        for (Figure figure : figures) {
            out.printf(
                    Locale.ROOT,
                    ROW,
                    figure.name(),
                    number(figure.value()),
                    figure.unit(),
                    figure.peer(),
                    number(figure.peerValue()),
                    number(figure.ratio()) + "x",
                    figure.bar(),
                    figure.met() ? "yes" : "NO");
        }
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.2f" : "%,.0f", value);
    }

    void write(Path file) throws IOException {
        JsonMapper.builder().build().writer(new DefaultPrettyPrinter()).writeValue(file.toFile(), figures);
    }
}
