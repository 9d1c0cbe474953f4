package io.helix.sdk.testing.agent;

import io.helix.api.HelixException;
import io.helix.api.agent.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Credentials in memory. Like the real ones it zeroes what it handed out, so that keeping it shows in a test. */
public final class MapCredentials implements Credentials {
    private final Map<String, String> secrets = new ConcurrentHashMap<>();
    private final List<String> reads = new CopyOnWriteArrayList<>();

    public void put(String name, String secret) {
        secrets.put(name, secret);
    }

    /** Every read so far, as {@code name for purpose}. */
    public List<String> reads() {
        return List.copyOf(reads);
    }

    @Override
    public <T> T use(String name, String purpose, Function<byte[], T> use) {
        reads.add(name + " for " + purpose);
        String secret = secrets.get(name);
        if (secret == null) {
            throw HelixException.notFound("credential '" + name + "' does not exist");
        }
        byte[] clear = secret.getBytes(StandardCharsets.UTF_8);
        try {
            return use.apply(clear);
        } finally {
            Arrays.fill(clear, (byte) 0);
        }
    }
}
