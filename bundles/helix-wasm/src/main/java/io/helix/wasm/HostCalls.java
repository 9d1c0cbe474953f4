package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentContext;
import io.helix.api.agent.EventDraft;
import io.helix.api.event.EventFormat;
import io.helix.wasm.HostRefusal.Code;
import io.helix.wasm.Manifest.Capabilities;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;

/**
 * What one call of a guest may ask of Helix: ABI helix/1, with its bounds. Knows nothing of the engine. Used by one
 * thread.
 */
final class HostCalls {
    private static final int MAX_CALLS = 10_000;
    private static final long MAX_BYTES = 64L * 1024 * 1024;
    private static final int MAX_OUTPUT = 1024 * 1024;
    private static final int MAX_RANDOM = 64 * 1024;
    private static final byte[] NOTHING = {};
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] input;
    private final AgentContext<ObjectNode> context;
    private final EventCollector events = new EventCollector();
    private final GuestLog log;
    private final GuestKeyValues keyValues;
    private final GuestHttp http;
    private byte[] pending = NOTHING;
    private byte[] output = NOTHING;
    private int calls;
    private long bytes;

    HostCalls(byte[] input, AgentContext<ObjectNode> context, Capabilities capabilities) {
        this.input = input;
        this.context = context;
        this.log = new GuestLog(context.log());
        this.keyValues = new GuestKeyValues(context.state(), context.clock(), capabilities.keyValues());
        this.http = new GuestHttp(context.http(), capabilities);
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

    /** @throws GuestTrap when the guest breaks the rules of the ABI or a bound of one call */
    int call(HostFunction function, int[] arguments, GuestMemory memory) {
        if (++calls > MAX_CALLS) {
            throw new GuestTrap("made more than " + MAX_CALLS + " host calls");
        }
        if (function == HostFunction.RESULT_READ) {
            return give(pending, arguments[0], arguments[1], memory);
        }
        pending = NOTHING;
        try {
            return perform(function, arguments, memory);
        } catch (HostRefusal refusal) {
            return refuse(refusal.code(), refusal.message());
        } catch (HelixException e) { // of the agent's state
            return refuse(code(e.kind()), e.message());
        }
    }

    private int refuse(Code code, String reason) {
        pending = reason.getBytes(StandardCharsets.UTF_8);
        return code.number();
    }

    private static Code code(ErrorKind kind) {
        return switch (kind) {
            case INVALID, CONFLICT -> Code.INVALID;
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
            case OUTPUT_WRITE -> writeOutput(take(a[0], a[1], memory));
            case EMIT_EVENT -> events.add(take(a[0], a[1], memory));
            case GET_CONFIG_VALUE -> answer(config(text(a[0], a[1], memory)), a[2], a[3], memory);
            case LOG_MESSAGE -> log.write(a[0], take(a[1], a[2], memory));
            case KV_GET -> answer(keyValues.get(text(a[0], a[1], memory)), a[2], a[3], memory);
            case KV_SET -> keyValues.set(text(a[0], a[1], memory), take(a[2], a[3], memory), a[4]);
            case KV_DELETE -> keyValues.delete(text(a[0], a[1], memory));
            case HTTP_REQUEST -> answer(http.request(take(a[0], a[1], memory)), a[2], a[3], memory);
            case NOW -> give(now(), a[0], Long.BYTES, memory) - Long.BYTES;
            case RANDOM -> random(a[0], a[1], memory);
            case KV_LIST, CALL ->
                throw new HostRefusal(Code.UNSUPPORTED, function.importName() + " is not supported by this host");
        };
    }

    private int writeOutput(byte[] written) throws HostRefusal {
        if (written.length > MAX_OUTPUT) {
            throw new HostRefusal(Code.LIMIT, "the output is longer than " + MAX_OUTPUT + " bytes");
        }
        output = written;
        return 0;
    }

    private byte[] config(String key) throws HostRefusal {
        JsonNode value = key.isEmpty() ? context.config() : context.config().get(key);
        if (value == null) {
            throw new HostRefusal(Code.NOT_FOUND, "the configuration has no '" + key + "'");
        }
        return EventFormat.bytes(value);
    }

    private byte[] now() {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(context.clock().instant().toEpochMilli())
                .array();
    }

    private int random(int pointer, int length, GuestMemory memory) throws HostRefusal {
        if (Integer.compareUnsigned(length, MAX_RANDOM) > 0) {
            throw new HostRefusal(Code.LIMIT, "at most " + MAX_RANDOM + " random bytes at a time");
        }
        byte[] random = new byte[length];
        RANDOM.nextBytes(random);
        give(random, pointer, length, memory);
        return 0;
    }

    /** An answer that does not fit is kept, so that the guest can fetch it without a second effect. */
    private int answer(byte[] result, int pointer, int capacity, GuestMemory memory) {
        pending = result;
        return give(result, pointer, capacity, memory);
    }

    private int give(byte[] result, int pointer, int capacity, GuestMemory memory) {
        long offset = check(pointer, capacity, memory);
        if (result.length <= Integer.toUnsignedLong(capacity)) {
            count(result.length);
            memory.write(offset, result);
        }
        return result.length;
    }

    private byte[] take(int pointer, int length, GuestMemory memory) {
        long offset = check(pointer, length, memory);
        count(length);
        byte[] taken = new byte[length];
        memory.read(offset, taken);
        return taken;
    }

    private String text(int pointer, int length, GuestMemory memory) throws HostRefusal {
        return utf8(take(pointer, length, memory));
    }

    static String utf8(byte[] bytes) throws HostRefusal {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new HostRefusal(Code.INVALID, "the text is not UTF-8");
        }
    }

    private long check(int pointer, int length, GuestMemory memory) {
        long offset = Integer.toUnsignedLong(pointer);
        long count = Integer.toUnsignedLong(length);
        if (offset + count > memory.size() || count > Integer.MAX_VALUE) {
            throw new GuestTrap("gave Helix a pointer outside of its memory: " + offset + " with length " + count);
        }
        return offset;
    }

    private void count(int moved) {
        bytes += moved;
        if (bytes > MAX_BYTES) {
            throw new GuestTrap("moved more than " + MAX_BYTES + " bytes through host calls");
        }
    }
}
