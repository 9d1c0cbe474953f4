package io.helix.bench;

import java.util.List;

/** Measures something. */
interface Benchmark {
    /** One word for the command line. */
    String name();

    /** One line for the list of benchmarks. */
    String about();

    List<Figure> run() throws Exception;
}
