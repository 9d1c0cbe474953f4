package io.helix.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Warm calls of a plugin with 1 KB, one thread, against other engines that run the same module. */
final class WasmCalls implements Benchmark {
    /** Of V8: at most 2.5 times, at most 1.5 times. */
    private static final double OF_V8 = 1 / 2.5;

    private static final double COMPUTE_OF_V8 = 1 / 1.5;
    private static final double CALL_MICROS = 1;

    private static final long SETTLE_MILLIS = 500;
    private static final int SETTLE_ROUNDS = 60;
    private static final int SETTLED_AFTER = 14;
    private static final double FASTER = 0.97;

    private final int rounds;
    private final long roundMillis;

    WasmCalls(int rounds, long roundMillis) {
        this.rounds = rounds;
        this.roundMillis = roundMillis;
    }

    @Override
    public String name() {
        return "wasm";
    }

    @Override
    public String about() {
        return "calls of a plugin against V8, Chicory and Endive";
    }

    @Override
    public List<Figure> run() throws Exception {
        try (HelixGuest helix = new HelixGuest()) {
            List<GuestEngine> peers = new ArrayList<>(List.of(new ChicoryGuest(), new EndiveGuest()));
            if (!NodeGuest.isThere()) {
                System.err.println("There is no node on the PATH: without the figures against V8.");
                return measure(helix, peers);
            }
            try (NodeGuest node = new NodeGuest()) {
                peers.addFirst(node);
                return measure(helix, peers);
            }
        }
    }

    private List<Figure> measure(HelixGuest helix, List<GuestEngine> peers) throws Exception {
        List<Figure> figures = new ArrayList<>();
        figures.addAll(compare("1 KB event to event", GuestWork.DIGEST, helix, peers));
        figures.addAll(compare("1 KB event to output", GuestWork.DIGEST_OUTPUT, helix, peers));
        figures.addAll(compare("compute loop", GuestWork.COMPUTE, helix, peers));
        figures.addAll(compare("nothing, 1 KB in and out", GuestWork.ECHO, helix, peers));
        return figures;
    }

    private List<Figure> compare(String what, GuestWork work, HelixGuest helix, List<GuestEngine> peers)
            throws Exception {
        List<GuestEngine> engines = new ArrayList<>(peers);
        engines.addFirst(helix);
        for (GuestEngine engine : engines) {
            requireSameResult(helix, engine, work);
            settle(engine, work);
        }
        double[] micros = new double[engines.size()];
        Arrays.fill(micros, Double.MAX_VALUE);
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < micros.length; i++) {
                micros[i] = Math.min(micros[i], engines.get(i).best(work, roundMillis) / 1_000);
            }
        }
        List<Figure> figures = new ArrayList<>();
        for (int i = 1; i < micros.length; i++) {
            figures.add(figure(what, work, micros[0], engines.get(i), micros[i]));
        }
        return figures;
    }

    private static Figure figure(String what, GuestWork work, double micros, GuestEngine peer, double peerMicros) {
        if (work == GuestWork.ECHO) {
            return Figure.atMost(what, micros, "us/call", peer.name(), peerMicros, CALL_MICROS);
        }
        double least = peer instanceof NodeGuest ? work == GuestWork.COMPUTE ? COMPUTE_OF_V8 : OF_V8 : 1;
        return Figure.lessIsBetter(what, micros, "us/call", peer.name(), peerMicros, least);
    }

    /** An engine that does less is not faster. */
    private static void requireSameResult(GuestEngine helix, GuestEngine peer, GuestWork work) throws Exception {
        if (!Arrays.equals(helix.result(work), peer.result(work))) {
            throw new IllegalStateException(peer.name() + " gives another result of " + work);
        }
    }

    /** Until no round has been faster for a while: the compilers have done what they can. */
    private static void settle(GuestEngine engine, GuestWork work) throws Exception {
        double best = Double.MAX_VALUE;
        int since = 0;
        for (int i = 0; i < SETTLE_ROUNDS && since < SETTLED_AFTER; i++) {
            double now = engine.best(work, SETTLE_MILLIS);
            since = now < best * FASTER ? 0 : since + 1;
            best = Math.min(best, now);
        }
    }
}
