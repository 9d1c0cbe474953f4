package io.helix.agents;

import io.helix.api.agent.AgentState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Remembers ids of deliveries durably and in bounded space, without ever having to clean up: an id belongs to one of
 * 1024 slots, and a slot keeps its 8 newest ids. So a check reads one value and a new id writes one. An id that is
 * pushed out early is only forgotten: then the event is stored once more, never lost.
 */
final class DeliveryMemory {
    private static final int SLOTS = 1024;
    private static final int PER_SLOT = 8;

    private final AgentState state;
    private final Duration window;
    private final ReentrantLock lock = new ReentrantLock();

    DeliveryMemory(AgentState state, Duration window) {
        this.state = state;
        this.window = window;
    }

    /** Whether {@code id} was added within the window before {@code now}. */
    boolean knows(String id, Instant now) {
        byte[] hash = hash(id);
        String prefix = hex(hash) + ":";
        return entries(slot(hash))
                .filter(it -> it.startsWith(prefix))
                .anyMatch(it -> within(it.substring(prefix.length()), now));
    }

    void add(String id, Instant now) {
        byte[] hash = hash(id);
        String slot = slot(hash);
        String added = hex(hash) + ":" + now.getEpochSecond();
        lock.lock();
        try {
            String kept = Stream.concat(Stream.of(added), entries(slot))
                    .limit(PER_SLOT)
                    .collect(Collectors.joining(","));
            state.put(slot, kept);
        } finally {
            lock.unlock();
        }
    }

    private boolean within(String seconds, Instant now) {
        return now.getEpochSecond() - Long.parseLong(seconds) < window.toSeconds();
    }

    private Stream<String> entries(String slot) {
        return state.get(slot).stream().flatMap(it -> Arrays.stream(it.split(",")));
    }

    private static String slot(byte[] hash) {
        return "delivery/" + (((hash[30] & 0xff) << 8 | hash[31] & 0xff) % SLOTS);
    }

    private static String hex(byte[] hash) {
        return HexFormat.of().formatHex(hash, 0, 16);
    }

    private static byte[] hash(String id) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
