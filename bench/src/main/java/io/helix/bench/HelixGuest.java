package io.helix.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.AgentException;
import io.helix.api.event.EventFormat;
import io.helix.wasm.WasmLoad;
import io.helix.wasm.WasmLoad.Plugin;
import io.helix.wasm.WasmLoad.Result;
import java.io.IOException;
import java.time.Duration;

/** The whole way of a call through Helix: limits, budgets, deadline, pool, statistics. */
final class HelixGuest implements GuestEngine, AutoCloseable {
    /** The first calls are interpreted, and what is measured is not when they end. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final WasmLoad load;
    private final Plugin plugin;
    private final byte[] event = GuestWork.event();

    HelixGuest() throws IOException {
        load = open(PATIENCE);
        plugin = load.load("guest.wasm", GuestWork.module());
    }

    /** An engine with a compiler; everything else is not worth measuring. */
    static WasmLoad open(Duration timeout) throws IOException {
        WasmLoad opened = new WasmLoad(timeout, (ObjectNode) EventFormat.parse(GuestWork.config()));
        if (!opened.compiles()) {
            String found = opened.implementation();
            opened.close();
            throw new IllegalStateException("GraalWasm runs without its compiler (\"" + found
                    + "\"): start with ./helix bench, on the JDK that the server uses");
        }
        return opened;
    }

    @Override
    public String name() {
        return "helix";
    }

    @Override
    public double best(GuestWork work, long millis) {
        return Batches.best(() -> call(work), millis);
    }

    @Override
    public byte[] result(GuestWork work) {
        Result result = call(work);
        return result.events().isEmpty()
                ? result.output()
                : EventFormat.bytes(result.events().getFirst().data());
    }

    private Result call(GuestWork work) {
        try {
            return plugin.call(work.type(), event);
        } catch (AgentException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        plugin.retire();
        load.close();
    }
}
