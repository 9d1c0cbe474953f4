package io.helix.wasm;

import io.helix.wasm.BulkWrite.Feed;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.graalvm.polyglot.proxy.ProxyObject;
import org.jspecify.annotations.Nullable;

/** A GraalWasm context with one instance in it. */
final class GraalInstance implements GuestInstance {
    private final Context context;
    private final Source source;
    private final Source bulkWrite;
    private final Feed feed;
    private final Map<String, Value> handlers = new HashMap<>();
    private final ConfigDocuments config = new ConfigDocuments();
    private @Nullable Value exports;
    private volatile @Nullable Memory memory;
    private volatile @Nullable HostCalls calls;
    private @Nullable GuestTrap violation;
    private boolean initialized;

    GraalInstance(Context context, Source source, Source bulkWrite, Feed feed) {
        this.context = context;
        this.source = source;
        this.bulkWrite = bulkWrite;
        this.feed = feed;
    }

    @Override
    public void prepare() {
        guarded(this::exports);
    }

    @Override
    public int call(String export, HostCalls hostCalls) {
        calls = hostCalls;
        hostCalls.reuse(config);
        try {
            return guarded(() -> {
                Value guest = exports();
                initialize(guest, hostCalls);
                return handlers.computeIfAbsent(export, guest::getMember)
                        .execute(hostCalls.inputLength())
                        .asInt();
            });
        } finally {
            calls = null;
            hostCalls.finish();
        }
    }

    private Value exports() {
        Value known = exports;
        if (known == null) {
            known = context.eval(source)
                    .newInstance(ProxyObject.fromMap(
                            Map.of(HostFunction.MODULE, helixFunctions(), WasiFunction.MODULE, wasiFunctions())))
                    .getMember("exports");
            memory = new Memory(known.getMember("memory"), new BulkWrite(context, bulkWrite, known, feed));
            exports = known;
        }
        return known;
    }

    private void initialize(Value guest, HostCalls hostCalls) {
        if (initialized) {
            return;
        }
        if (guest.hasMember("_initialize")) {
            guest.getMember("_initialize").executeVoid();
        }
        if (guest.hasMember("helix_init")) {
            int code = guest.getMember("helix_init").execute().asInt();
            if (code != 0) {
                throw GuestTrap.refusedToStart(code, hostCalls.outputText());
            }
        }
        initialized = true;
    }

    private ProxyObject helixFunctions() {
        Map<String, Object> functions = new HashMap<>();
        for (HostFunction function : HostFunction.values()) {
            functions.put(function.importName(), (ProxyExecutable) arguments -> helix(function, arguments));
        }
        return ProxyObject.fromMap(functions);
    }

    private ProxyObject wasiFunctions() {
        Map<String, Object> functions = new HashMap<>();
        for (WasiFunction function : WasiFunction.values()) {
            functions.put(function.importName(), (ProxyExecutable) arguments -> wasi(function, arguments));
        }
        return ProxyObject.fromMap(functions);
    }

    private Object helix(HostFunction function, Value[] arguments) {
        HostCalls current = running(function.importName());
        int[] numbers = new int[arguments.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = arguments[i].asInt();
        }
        try {
            return current.call(function, numbers, memory());
        } catch (GuestTrap e) {
            throw violated(e);
        }
    }

    private Object wasi(WasiFunction function, Value[] arguments) {
        HostCalls current = running(function.importName());
        long[] numbers = new long[arguments.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = arguments[i].asLong();
        }
        try {
            return current.call(function, numbers, memory());
        } catch (GuestTrap e) {
            throw violated(e);
        }
    }

    private HostCalls running(String function) {
        HostCalls current = calls;
        if (current == null) {
            throw violated(new GuestTrap("called " + function + " from its start function"));
        }
        return current;
    }

    private Memory memory() {
        Memory known = memory;
        if (known == null) {
            throw violated(new GuestTrap("called Helix from its start function, before its memory is there"));
        }
        return known;
    }

    /** Kept on this side, since the engine shows a host exception to us only in part. */
    private GuestTrap violated(GuestTrap trap) {
        violation = trap;
        return trap;
    }

    private <T> T guarded(Supplier<T> guestCode) {
        try {
            return guestCode.get();
        } catch (PolyglotException e) {
            GuestTrap known = violation;
            throw known != null ? known : new GuestTrap(describe(e));
        } catch (IllegalStateException e) { // closed by its deadline between two steps
            throw new GuestTrap("was closed: " + e.getMessage());
        }
    }

    private static String describe(PolyglotException e) {
        if (e.isHostException()) {
            return "failed in a host call: " + e.getMessage();
        }
        return (e.isInternalError() ? "failed in the engine: " : "trapped: ") + e.getMessage();
    }

    /** The engine interrupts the thread of the guest, wherever it is. */
    private void stopCalls() {
        HostCalls current = calls;
        if (current != null) {
            current.stop();
        }
    }

    @Override
    public void close() {
        stopCalls();
        try {
            context.close(true);
        } catch (PolyglotException e) {
            // thrown for a guest that was running; it is closed all the same
        }
    }

    @Override
    public long memoryBytes() {
        Memory known = memory;
        return known == null ? 0 : known.known;
    }

    private static final class Memory implements GuestMemory {
        private final Value buffer;
        private final BulkWrite bulk;
        private volatile long known;

        Memory(Value buffer, BulkWrite bulk) {
            this.buffer = buffer;
            this.bulk = bulk;
            this.known = buffer.getBufferSize();
        }

        @Override
        public boolean contains(long end) {
            // It only grows, so it is asked for again only where what was known is not enough.
            if (end > known) {
                known = buffer.getBufferSize();
            }
            return end <= known;
        }

        @Override
        public void read(long offset, byte[] into) {
            buffer.readBuffer(offset, into, 0, into.length);
        }

        @Override
        public void write(long offset, byte[] bytes) {
            bulk.write(offset, bytes);
        }
    }
}
