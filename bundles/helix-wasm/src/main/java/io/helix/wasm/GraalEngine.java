package io.helix.wasm;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Supplier;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.SandboxPolicy;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.io.ByteSequence;

/** With {@link GraalInstance} all that knows GraalVM. */
final class GraalEngine {
    private static final String LANGUAGE = "wasm";
    private static final String WITH_COMPILER = "GraalVM CE";

    private final Engine engine;

    GraalEngine() {
        engine = Engine.newBuilder(LANGUAGE)
                .sandbox(SandboxPolicy.CONSTRAINED)
                .option("engine.WarnInterpreterOnly", "false") // our health check says it, louder
                .in(InputStream.nullInputStream())
                .out(OutputStream.nullOutputStream())
                .err(OutputStream.nullOutputStream())
                .build();
    }

    boolean compiles() {
        return engine.getImplementationName().equals(WITH_COMPILER);
    }

    String implementation() {
        return engine.getImplementationName();
    }

    /** A module as the engine keeps it: parsed and compiled once, however many instances there are. */
    Supplier<GuestInstance> load(String name, byte[] wasm) {
        Source source =
                Source.newBuilder(LANGUAGE, ByteSequence.create(wasm), name).buildLiteral();
        return () -> new GraalInstance(context(), source);
    }

    private Context context() {
        return Context.newBuilder(LANGUAGE)
                .engine(engine)
                .sandbox(SandboxPolicy.CONSTRAINED)
                .allowHostAccess(HostAccess.CONSTRAINED)
                .in(InputStream.nullInputStream())
                .out(OutputStream.nullOutputStream())
                .err(OutputStream.nullOutputStream())
                .build();
    }

    void close() {
        engine.close(true);
    }
}
