package io.helix.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code Bench NAME [--json FILE]}: runs a benchmark, prints its figures, and writes them to a file if asked to. */
public final class Bench {
    private static final int USAGE = 2;

    private Bench() {}

    /** New benchmarks are added here, and to smoke if they are quick. */
    private static List<Benchmark> benchmarks() {
        Benchmark quickRules =
                new RuleBenchmark("quick-rules", List.of(RuleShape.usual(1_000)), 5, new Stopwatch(4_000, 1_500));
        List<Benchmark> rules = rules();
        Benchmark pipeline = new PipelineBenchmark();
        Benchmark latency = new LatencyBenchmark();
        Benchmark smoke = new Suite("smoke", "the quick ones", List.of(quickRules, pipeline, latency));
        Stream<Benchmark> suites = Stream.of(new Suite("rules", "all of rule-...", rules), pipeline, latency, smoke);
        return Stream.concat(suites, rules.stream()).toList();
    }

    private static List<Benchmark> rules() {
        Stopwatch stopwatch = new Stopwatch(5_000, 2_000);
        RuleShape large = RuleShape.usual(10_000);
        RuleShape crowded = new RuleShape(10_000, 50, 1);
        List<RuleShape> shapes = List.of(RuleShape.usual(100), RuleShape.usual(1_000), large, crowded);
        return List.of(
                new RuleMemory(large),
                new RuleBenchmark("rule-match", shapes, 5, stopwatch),
                new RuleScaling(large, 5, stopwatch),
                new RuleUpdates(large, 5, stopwatch),
                new SituationBenchmark());
    }

    public static void main(String[] args) throws Exception {
        Optional<Benchmark> chosen = args.length == 0
                ? Optional.empty()
                : benchmarks().stream().filter(b -> b.name().equals(args[0])).findFirst();
        boolean wellFormed = args.length == 1 || args.length == 3 && args[1].equals("--json");
        if (chosen.isEmpty() || !wellFormed) {
            usage(System.err);
            System.exit(USAGE);
        } else {
            Report report = new Report(chosen.get().run());
            report.print(System.out);
            if (args.length == 3) {
                report.write(Path.of(args[2]));
            }
        }
    }

    private static void usage(PrintStream out) {
        out.println("usage: bench NAME [--json FILE]");
        benchmarks().forEach(b -> out.printf("  %-12s %s%n", b.name(), b.about()));
    }
}
