package io.helix.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code Bench NAME [--soak] [--json FILE]}: runs a benchmark, prints its figures, and writes them if asked to. */
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
        Benchmark wasm = new WasmCalls(6, 1_000);
        List<Benchmark> wasmLife = wasmLife();
        Benchmark smoke = new Suite("smoke", "the quick ones", List.of(quickRules, pipeline, latency));
        Stream<Benchmark> suites = Stream.of(
                new Suite("rules", "all of rule-...", rules),
                pipeline,
                latency,
                wasm,
                new Suite("wasm-life", "all of wasm-...", wasmLife),
                smoke);
        return Stream.of(suites, rules.stream(), wasmLife.stream())
                .flatMap(some -> some)
                .toList();
    }

    private static List<Benchmark> wasmLife() {
        return List.of(
                new WasmSwap(Duration.ofSeconds(40), Duration.ofSeconds(10)),
                new WasmDeploy(20),
                new WasmKills(100),
                new WasmReloads(500, 2_000),
                new WasmIdle(1_000),
                new WasmNeighbours(Duration.ofSeconds(25), Duration.ofSeconds(6)));
    }

    private static List<Benchmark> rules() {
        Stopwatch stopwatch = new Stopwatch(5_000, 2_000);
        RuleShape large = RuleShape.usual(10_000);
        RuleShape crowded = new RuleShape(10_000, 50, 1);
        List<RuleShape> shapes = List.of(RuleShape.usual(100), RuleShape.usual(1_000), large, crowded);
        return List.of(
                new RuleMemory(large),
                new RuleBenchmark("rule-match", shapes, 5, stopwatch),
                new RuleScaling(large, 15, new Stopwatch(5_000, 500)),
                new RuleUpdates(large, 8, new Stopwatch(5_000, 1_000)),
                new SituationBenchmark());
    }

    /** What {@code --soak} runs instead. */
    private static List<Benchmark> soaks() {
        return List.of(new RuleSoak(5_000_000, Duration.ofMinutes(2), System.currentTimeMillis()));
    }

    public static void main(String[] args) throws Exception {
        Optional<Arguments> arguments = Arguments.parse(args);
        Optional<Benchmark> chosen = arguments.flatMap(Bench::choose);
        if (arguments.isEmpty() || chosen.isEmpty()) {
            usage(System.err);
            System.exit(USAGE);
        } else {
            Report report = new Report(chosen.get().run());
            report.print(System.out);
            if (arguments.get().json() != null) {
                report.write(arguments.get().json());
            }
        }
    }

    private static Optional<Benchmark> choose(Arguments arguments) {
        List<Benchmark> all = arguments.soak() ? soaks() : benchmarks();
        return all.stream().filter(b -> b.name().equals(arguments.name())).findFirst();
    }

    private static void usage(PrintStream out) {
        out.println("usage: bench NAME [--soak] [--json FILE]");
        benchmarks().forEach(b -> out.printf("  %-14s %s%n", b.name(), b.about()));
        soaks().forEach(b -> out.printf("  %-14s %s%n", b.name() + " --soak", b.about()));
    }
}
