package io.helix.bench;

import java.time.Duration;
import java.util.List;

/** From HTTP to the recorded run: events per second of a real server, against bare NATS carrying as many messages. */
final class PipelineBenchmark implements Benchmark {
    private static final int EVENTS = 20_000;
    private static final double LEAST_RATIO = 0.6;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @Override
    public String name() {
        return "pipeline";
    }

    @Override
    public String about() {
        return "events per second from HTTP to the recorded run, against bare NATS";
    }

    @Override
    public List<Figure> run() throws Exception {
        Duration before = bare();
        double helix = perSecond(helix());
        double bare = perSecond(before.plus(bare()).dividedBy(2));
        return List.of(Figure.moreIsBetter(
                "pipeline, " + PipelineLoad.RULES + " rules", helix, "events/s", "bare jnats", bare, LEAST_RATIO));
    }

    /** Takes a second or two, so it is done before and after: the machine is seldom as busy at both times. */
    private static Duration bare() throws Exception {
        try (NatsProcess nats = NatsProcess.start();
                BarePipeline pipeline = new BarePipeline(nats.url())) {
            pipeline.carry("warm", EVENTS, PATIENCE);
            return pipeline.carry("work", EVENTS, PATIENCE);
        }
    }

    private static Duration helix() throws Exception {
        try (HelixProcess helix = HelixProcess.start();
                HelixApi api = helix.api()) {
            HelixPipeline pipeline = new HelixPipeline(api);
            pipeline.carry("warm", EVENTS, PATIENCE);
            return pipeline.carry("work", EVENTS, PATIENCE);
        }
    }

    private static double perSecond(Duration taken) {
        return EVENTS / (taken.toNanos() / 1e9);
    }
}
