package io.helix.bench;

import io.helix.api.agent.AgentException;
import io.helix.wasm.WasmLoad;
import io.helix.wasm.WasmLoad.Plugin;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** What the calls of a plugin feel of another that attacks: loops, memory, floods of host calls. */
final class WasmNeighbours implements Benchmark {
    private static final double MOST_SLOWER = 3;
    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

    private final Duration warmUp;
    private final Duration phase;

    WasmNeighbours(Duration warmUp, Duration phase) {
        this.warmUp = warmUp;
        this.phase = phase;
    }

    @Override
    public String name() {
        return "wasm-neighbour";
    }

    @Override
    public String about() {
        return "calls of a plugin while another attacks";
    }

    @Override
    public List<Figure> run() throws Exception {
        try (WasmLoad load = HelixGuest.open(Duration.ofMillis(500))) {
            Plugin victim = load.load("victim.wasm", PluginFile.version(1));
            Plugin attacker = load.load("attacker.wasm", PluginFile.version(2));
            warmUp(victim);
            List<Figure> figures = new ArrayList<>();
            for (GuestWork attack : List.of(GuestWork.SPIN, GuestWork.GROW, GuestWork.FLOOD)) {
                double quiet = p99(victim);
                double attacked = p99During(attack, attacker, victim);
                figures.add(Figure.lessIsBetter(
                        "p99 of calls beside " + attack.export(), attacked, "us", "quiet p99", quiet, 1 / MOST_SLOWER));
            }
            return figures;
        }
    }

    private void warmUp(Plugin victim) throws AgentException, IOException {
        byte[] event = GuestWork.event();
        long end = System.nanoTime() + warmUp.toNanos();
        while (System.nanoTime() < end) {
            victim.call(GuestWork.DIGEST.type(), event);
        }
    }

    private double p99During(GuestWork attack, Plugin attacker, Plugin victim) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        byte[] event = GuestWork.event();
        Thread thread = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                try {
                    attacker.call(attack.type(), event);
                } catch (AgentException e) {
                    continue; // as it should be
                }
            }
        });
        try {
            return p99(victim);
        } finally {
            over.set(true);
            thread.join();
        }
    }

    /** One call a millisecond, in microseconds. */
    private double p99(Plugin victim) throws AgentException, IOException {
        byte[] event = GuestWork.event();
        List<Double> micros = new ArrayList<>();
        long end = System.nanoTime() + phase.toNanos();
        while (System.nanoTime() < end) {
            long began = System.nanoTime();
            victim.call(GuestWork.DIGEST.type(), event);
            micros.add((System.nanoTime() - began) / 1e3);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return new Percentiles(micros.stream().mapToDouble(Double::doubleValue).toArray()).at(99);
    }
}
