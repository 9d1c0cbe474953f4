package io.helix.wasm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentContext;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.HttpCaller;
import io.helix.api.event.EventFormat;
import io.helix.wasm.HostRefusal.Code;
import io.helix.wasm.HostRefusal.NotAsked;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one call of a guest may ask of Helix: ABI helix/1 and the needed part of WASI, with their bounds. Knows nothing
 * of the engine. Used by one thread, and stopped by another.
 */
final class HostCalls {
    static final int MAX_RANDOM = 64 * 1024;

    /** Each may be a line of the audit. */
    static final int MAX_DENIED = 100;

    private static final byte[] NOTHING = {};
    private static final SecureRandom RANDOM = new SecureRandom();

    /** What of a call is counted. @param limited how often each bound stood in the way */
    record Counts(int calls, int denied, Map<Bound, Integer> limited) {}

    private final byte[] input;
    private final AgentContext<ObjectNode> context;
    private final Terms terms;
    private final Transfer transfer = new Transfer();
    private final EventCollector events;
    private final GuestLog log;
    private final Wasi wasi;
    private @Nullable GuestKeyValues keyValues;
    private final CallTime time = new CallTime();
    private @Nullable Set<NotAsked> recorded;
    private @Nullable ConfigDocuments config;
    private byte[] pending = NOTHING;
    private byte[] output = NOTHING;
    private int calls;
    private int denied;
    private @Nullable Map<Bound, Integer> limited;

    HostCalls(byte[] input, AgentContext<ObjectNode> context, Terms terms) {
        this.input = input;
        this.context = context;
        this.terms = terms;
        // Policies are in memory: to ask them is no errand, which would take longer than many a call.
        this.events = new EventCollector(terms, context::requireEmit);
        this.log = new GuestLog(context::log, terms.limits().logLines());
        this.wasi = new Wasi(transfer, log, context.clock());
    }

    /** @param kept what the instance has of its configuration from earlier calls */
    void reuse(ConfigDocuments kept) {
        config = kept;
    }

    /** @param errands null for a context without effects, which is never slow */
    void begin(Deadline deadline, @Nullable Errands errands) {
        time.begin(deadline, context.profile(), errands);
    }

    int inputLength() {
        return input.length;
    }

    List<EventDraft> events() {
        return events.drafts();
    }

    byte[] output() {
        return output;
    }

    String outputText() {
        return new String(output, StandardCharsets.UTF_8);
    }

    Counts counts() {
        return new Counts(calls, denied, limited());
    }

    private Map<Bound, Integer> limited() {
        if (limited == null && log.dropped() == 0) {
            return Map.of();
        }
        Map<Bound, Integer> counts = new EnumMap<>(Bound.class);
        if (limited != null) {
            counts.putAll(limited);
        }
        if (log.dropped() > 0) {
            counts.merge(Bound.LOG_LINES, log.dropped(), Integer::sum);
        }
        return counts;
    }

    /** Stores what the guest wrote. Only for a call that succeeded. */
    void keep() {
        if (keyValues != null) {
            keyValues.keep();
        }
    }

    /** The guest has its thread back. */
    void finish() {
        wasi.flush();
    }

    /** From now on every host call traps. Afterwards the thread of the guest may be interrupted without harm. */
    void stop() {
        time.stop();
    }

    /** @throws GuestTrap when the guest breaks the rules of the ABI or a bound of one call */
    int call(HostFunction function, int[] arguments, GuestMemory memory) {
        time.enter();
        try {
            countCall();
            return answered(function, arguments, memory);
        } finally {
            time.leave();
        }
    }

    private int answered(HostFunction function, int[] arguments, GuestMemory memory) {
        if (function == HostFunction.RESULT_READ) {
            return give(pending, arguments[0], arguments[1], memory);
        }
        pending = NOTHING;
        try {
            return perform(function, arguments, memory);
        } catch (HostRefusal refusal) {
            record(refusal);
            over(refusal.bound());
            return refuse(refusal.code(), refusal.message());
        } catch (HelixException e) {
            over(e.kind() == ErrorKind.CONFLICT ? Bound.KEPT_VALUES : null); // the store has no room
            return refuse(code(e.kind()), e.message());
        }
    }

    /** @return the error number of WASI */
    int call(WasiFunction function, long[] arguments, GuestMemory memory) {
        time.enter();
        try {
            countCall();
            return wasi.call(function, arguments, memory);
        } finally {
            time.leave();
        }
    }

    private void countCall() {
        if (++calls > terms.limits().hostCalls()) {
            throw GuestTrap.over(
                    Bound.HOST_CALLS, "made more than " + terms.limits().hostCalls() + " host calls");
        }
    }

    /** Once for each in a call: who goes on asking for the same says nothing new. */
    private void record(HostRefusal refusal) {
        NotAsked what = refusal.notAsked();
        if (what != null && isFirst(what)) {
            context.refused(what.action(), what.resourceType(), what.name(), refusal.message());
        }
    }

    private boolean isFirst(NotAsked what) {
        Set<NotAsked> known = recorded;
        if (known == null) {
            known = new HashSet<>();
            recorded = known;
        }
        return known.add(what);
    }

    private void over(@Nullable Bound bound) {
        if (bound == null) {
            return;
        }
        Map<Bound, Integer> counts = limited;
        if (counts == null) {
            counts = new EnumMap<>(Bound.class);
            limited = counts;
        }
        counts.merge(bound, 1, Integer::sum);
    }

    private int refuse(Code code, String reason) {
        if (code == Code.DENIED && ++denied > MAX_DENIED) {
            throw GuestTrap.over(Bound.DENIALS, "was denied something more than " + MAX_DENIED + " times");
        }
        pending = reason.getBytes(StandardCharsets.UTF_8);
        return code.number();
    }

    private static Code code(ErrorKind kind) {
        return switch (kind) {
            case INVALID -> Code.INVALID;
            case CONFLICT -> Code.LIMIT;
            case NOT_FOUND -> Code.NOT_FOUND;
            case FORBIDDEN -> Code.DENIED;
            case UNAVAILABLE -> Code.UNAVAILABLE;
            case INTERNAL -> Code.INTERNAL;
        };
    }

    private int perform(HostFunction function, int[] a, GuestMemory memory) throws HostRefusal {
        return switch (function) {
            case INPUT_READ -> answer(input, a[0], a[1], memory);
            case RESULT_READ -> throw new IllegalStateException("answered before");
            case OUTPUT_WRITE -> writeOutput(a[0], a[1], memory);
            case EMIT_EVENT ->
                events.add(transfer.take(a[0], a[1], EventFormat.MAX_BYTES, Bound.EVENT_BYTES, "an event", memory));
            case GET_CONFIG_VALUE -> answer(config(transfer.text(a[0], a[1], memory)), a[2], a[3], memory);
            case LOG_MESSAGE -> log.write(a[0], transfer.take(a[1], a[2], memory));
            case KV_GET -> answer(keyValues().get(transfer.text(a[0], a[1], memory)), a[2], a[3], memory);
            case KV_SET -> keyValues().set(transfer.text(a[0], a[1], memory), transfer.take(a[2], a[3], memory), a[4]);
            case KV_DELETE -> keyValues().delete(transfer.text(a[0], a[1], memory));
            case KV_LIST -> answer(keyValues().list(transfer.text(a[0], a[1], memory)), a[2], a[3], memory);
            case HTTP_REQUEST -> {
                Transfer.check(a[2], a[3], memory); // before the effect
                yield answer(http().request(transfer.take(a[0], a[1], memory)), a[2], a[3], memory);
            }
            case NOW -> give(now(), a[0], Long.BYTES, memory) - Long.BYTES;
            case RANDOM -> writeRandom(a[0], a[1], memory);
            case CALL ->
                answer(
                        service(transfer.text(a[0], a[1], memory), transfer.take(a[2], a[3], memory)),
                        a[4],
                        a[5],
                        memory);
        };
    }

    private GuestKeyValues keyValues() throws HostRefusal {
        GuestKeyValues known = keyValues;
        if (known == null) {
            if (!terms.capabilities().keyValues()) {
                throw HostRefusal.notAsked("keepState", "StateKey", context.agent(), "kv");
            }
            known = new GuestKeyValues(context.state(), terms, time);
            keyValues = known;
        }
        return known;
    }

    private GuestHttp http() {
        return new GuestHttp(this::callInterruptibly, credentials(), terms);
    }

    /** Not an errand: the caller behind it has threads of its own, and gives a request up that nobody waits for. */
    private HttpCaller.Response callInterruptibly(HttpCaller.Request request) throws AgentException {
        return time.interruptibly(() -> context.http().call(request));
    }

    private GuestCredentials credentials() {
        return new GuestCredentials(context.credentials(), terms, time);
    }

    private byte[] service(String name, byte[] request) throws HostRefusal {
        if (name.equals("credential")) {
            return credentials().read(request);
        }
        throw new HostRefusal(Code.UNSUPPORTED, "this host has no service '" + name + "'; it has: credential");
    }

    private int writeOutput(int pointer, int length, GuestMemory memory) throws HostRefusal {
        int most = terms.limits().outputBytes();
        Transfer.requireAtMost(pointer, length, most, Bound.OUTPUT_BYTES, "the output", memory);
        output = transfer.takeInto(output, pointer, length, memory);
        return 0;
    }

    private byte[] config(String key) throws HostRefusal {
        ConfigDocuments documents = config;
        if (documents == null) {
            documents = new ConfigDocuments();
            config = documents;
        }
        return documents.get(context.config(), key, terms.encoding());
    }

    private byte[] now() {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(context.clock().instant().toEpochMilli())
                .array();
    }

    private int writeRandom(int pointer, int length, GuestMemory memory) throws HostRefusal {
        Transfer.check(pointer, length, memory);
        if (Integer.compareUnsigned(length, MAX_RANDOM) > 0) {
            throw HostRefusal.over(Bound.RANDOM_BYTES, "at most " + MAX_RANDOM + " random bytes at a time");
        }
        give(random(length), pointer, length, memory);
        return 0;
    }

    static byte[] random(int length) {
        byte[] random = new byte[length];
        RANDOM.nextBytes(random);
        return random;
    }

    /** An answer that does not fit is kept, so that the guest can fetch it without a second effect. */
    private int answer(byte[] result, int pointer, int capacity, GuestMemory memory) {
        pending = result;
        return give(result, pointer, capacity, memory);
    }

    private int give(byte[] result, int pointer, int capacity, GuestMemory memory) {
        transfer.give(result, pointer, capacity, memory);
        return result.length;
    }
}
