package io.helix.bench;

import java.util.ArrayList;
import java.util.List;

/** Several benchmarks under one name. */
record Suite(String name, String about, List<Benchmark> parts) implements Benchmark {
    @Override
    public List<Figure> run() throws Exception {
        List<Figure> figures = new ArrayList<>();
        for (Benchmark part : parts) {
            figures.addAll(part.run());
        }
        return figures;
    }
}
