package io.helix.bench;

import io.helix.api.event.EventFormat;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.ByteArrayMemory;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.wasm.Parser;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/** The guest in Endive 1.0.0, compiled to Java byte code: no deadline, no bounds, one instance. */
final class EndiveGuest implements GuestEngine {
    private static final String MODULE = "helix";
    private static final long[] DONE = {0};

    private final byte[] event = GuestWork.event();
    private final byte[] config = GuestWork.config();
    private final Instance instance;
    private byte[] output = {};
    private byte[] emitted = {};

    EndiveGuest() throws IOException {
        instance = Instance.builder(Parser.parse(GuestWork.module()))
                .withImportValues(ImportValues.builder()
                        .addFunction(
                                function("helix_input_read", 2, (guest, a) -> give(event, a[0], guest)),
                                function("helix_get_config_value", 4, (guest, a) -> give(config, a[2], guest)),
                                function("helix_emit_event", 2, (guest, a) -> emit(take(guest, a))),
                                function("helix_output_write", 2, (guest, a) -> write(take(guest, a))))
                        .build())
                .withMachineFactory(MachineFactoryCompiler::compile)
                .withMemoryFactory(ByteArrayMemory::new)
                .build();
    }

    private interface Body {
        long[] apply(Instance guest, long... arguments);
    }

    private static HostFunction function(String name, int parameters, Body body) {
        FunctionType type = FunctionType.of(Collections.nCopies(parameters, ValType.I32), List.of(ValType.I32));
        return new HostFunction(MODULE, name, type, body::apply);
    }

    private static long[] give(byte[] bytes, long pointer, Instance guest) {
        guest.memory().write((int) pointer, bytes);
        return new long[] {bytes.length};
    }

    private static byte[] take(Instance guest, long... a) {
        return guest.memory().readBytes((int) a[0], (int) a[1]);
    }

    private long[] emit(byte[] document) {
        emitted = document;
        EventFormat.parse(document);
        return DONE;
    }

    private long[] write(byte[] document) {
        output = document;
        return DONE;
    }

    @Override
    public String name() {
        return "Endive 1.0.0";
    }

    @Override
    public double best(GuestWork work, long millis) {
        var export = instance.export(work.export());
        return Batches.best(() -> export.apply(event.length), millis);
    }

    @Override
    public byte[] result(GuestWork work) {
        output = new byte[0];
        emitted = new byte[0];
        instance.export(work.export()).apply(event.length);
        return emitted.length == 0
                ? output
                : EventFormat.bytes(EventFormat.parse(emitted).path("data"));
    }
}
