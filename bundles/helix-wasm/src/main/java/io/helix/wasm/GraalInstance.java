package io.helix.wasm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.graalvm.polyglot.proxy.ProxyObject;
import org.jspecify.annotations.Nullable;

/** A GraalWasm context with one instance in it. */
final class GraalInstance implements GuestInstance, GuestMemory {
    private static final Duration INTERRUPT_PATIENCE = Duration.ofMillis(5);

    private final Context context;
    private final Source source;
    private @Nullable Value exports;
    private @Nullable Value memory;
    private @Nullable HostCalls calls;
    private @Nullable GuestTrap violation;
    private boolean initialized;

    GraalInstance(Context context, Source source) {
        this.context = context;
        this.source = source;
    }

    @Override
    public void prepare() {
        guarded(this::exports);
    }

    @Override
    public int call(String export, HostCalls hostCalls) {
        calls = hostCalls;
        try {
            return guarded(() -> {
                Value guest = exports();
                initialize(guest, hostCalls);
                return guest.getMember(export).execute(hostCalls.inputLength()).asInt();
            });
        } finally {
            calls = null;
        }
    }

    private Value exports() {
        Value known = exports;
        if (known == null) {
            Value module = context.eval(source);
            known = module.newInstance(ProxyObject.fromMap(Map.of(HostFunction.MODULE, imports())))
                    .getMember("exports");
            memory = known.getMember("memory");
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
                throw new GuestTrap("refused to start (" + code + "): " + hostCalls.outputText());
            }
        }
        initialized = true;
    }

    private ProxyObject imports() {
        Map<String, Object> functions = new HashMap<>();
        for (HostFunction function : HostFunction.values()) {
            functions.put(function.importName(), (ProxyExecutable) arguments -> host(function, arguments));
        }
        return ProxyObject.fromMap(functions);
    }

    private Object host(HostFunction function, Value[] arguments) {
        HostCalls current = calls;
        if (current == null) {
            throw violated(new GuestTrap("called " + function.importName() + " from its start function"));
        }
        int[] numbers = new int[arguments.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = arguments[i].asInt();
        }
        try {
            return current.call(function, numbers, this);
        } catch (GuestTrap e) {
            throw violated(e);
        }
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

    @Override
    public void interrupt() {
        try {
            context.interrupt(INTERRUPT_PATIENCE);
        } catch (TimeoutException e) {
            // the caller repeats it
        } catch (IllegalStateException | PolyglotException e) {
            // closed meanwhile: nothing is running
        }
    }

    @Override
    public void close() {
        try {
            context.close(true);
        } catch (PolyglotException e) {
            // thrown for a guest that was running; it is closed all the same
        }
    }

    @Override
    public long size() {
        return memory().getBufferSize();
    }

    @Override
    public void read(long offset, byte[] into) {
        memory().readBuffer(offset, into, 0, into.length);
    }

    /** There is no bulk write; eight bytes at a time are the fastest that needs no experimental option. */
    @Override
    public void write(long offset, byte[] bytes) {
        Value target = memory();
        ByteBuffer source8 = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (source8.remaining() >= Long.BYTES) {
            int position = source8.position();
            target.writeBufferLong(ByteOrder.LITTLE_ENDIAN, offset + position, source8.getLong());
        }
        while (source8.hasRemaining()) {
            int position = source8.position();
            target.writeBufferByte(offset + position, source8.get());
        }
    }

    private Value memory() {
        Value known = memory;
        if (known == null) {
            throw new GuestTrap("has no memory yet");
        }
        return known;
    }
}
