package io.helix.wasm;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.function.Supplier;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.EnvironmentAccess;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.io.ByteSequence;
import org.graalvm.polyglot.io.IOAccess;

/**
 * With {@link GraalInstance} all that knows GraalVM. The engine's sandbox policy CONSTRAINED forbids the one option that
 * allows to copy in bulk, so each privilege is taken away by hand instead; a wasm module has no way to ask for one but
 * its imports, and those are ours.
 */
final class GraalEngine {
    private static final String LANGUAGE = "wasm";
    private static final String WITH_COMPILER = "GraalVM CE";

    /** The engine's WASI under a name that no guest may import; its {@code fd_read} copies a guest's input. */
    private static final String BUILTINS = BulkWrite.WASI + ":wasi_snapshot_preview1";

    private final Engine engine;
    private final Source bulkWrite = source("bulk-write", resource("bulk-write.wasm"));

    GraalEngine() {
        engine = Engine.newBuilder(LANGUAGE)
                .option("engine.WarnInterpreterOnly", "false") // our health check says it, louder
                .option("wasm.Builtins", BUILTINS)
                .allowExperimentalOptions(true)
                .option("wasm.SIMD", "false") // on by default; what ABI helix/1 leaves out no plugin may come to need
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
        Source source = source(name, wasm);
        return () -> {
            BulkWrite.Feed feed = new BulkWrite.Feed();
            return new GraalInstance(context(feed), source, bulkWrite, feed);
        };
    }

    private static Source source(String name, byte[] wasm) {
        return Source.newBuilder(LANGUAGE, ByteSequence.create(wasm), name).buildLiteral();
    }

    private Context context(InputStream in) {
        return Context.newBuilder(LANGUAGE)
                .engine(engine)
                .allowAllAccess(false)
                .allowHostAccess(HostAccess.NONE)
                .allowHostClassLookup(name -> false)
                .allowHostClassLoading(false)
                .allowPolyglotAccess(PolyglotAccess.NONE)
                .allowEnvironmentAccess(EnvironmentAccess.NONE)
                .allowIO(IOAccess.NONE)
                .allowNativeAccess(false)
                .allowCreateThread(false)
                .allowCreateProcess(false)
                .allowInnerContextOptions(false)
                .in(in)
                .out(OutputStream.nullOutputStream())
                .err(OutputStream.nullOutputStream())
                .build();
    }

    private static byte[] resource(String name) {
        try (InputStream in = GraalEngine.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("resource " + name + " of this bundle cannot be read", e);
        }
    }

    void close() {
        engine.close(true);
    }
}
