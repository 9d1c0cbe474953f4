package io.helix.drools;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.helix.api.event.Event;
import io.helix.api.rule.Condition;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.RuleKey;
import io.helix.api.rule.ValueTest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds a first network and matches a first event. Drools looks its services up with the context class loader of the
 * thread that happens to come first and remembers a miss for ever, so this thread has to come first and to have ours.
 */
final class WarmUp implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

    private final CompletableFuture<Void> done = new CompletableFuture<>();

    private WarmUp() {}

    /** Begins on a thread of its own: it takes some 300 ms that the start of the server need not wait for. */
    static CompletableFuture<Void> start() {
        WarmUp warmUp = new WarmUp();
        Thread thread = new Thread(warmUp, "helix-drools-warm-up");
        thread.setDaemon(true);
        thread.setContextClassLoader(WarmUp.class.getClassLoader());
        thread.start();
        return warmUp.done;
    }

    @Override
    public void run() {
        try {
            matchOnce();
            done.complete(null);
        } catch (RuntimeException | LinkageError e) {
            log.error("The rule engine did not start; no event will match a rule", e);
            done.completeExceptionally(e);
        }
    }

    private static void matchOnce() {
        RuleKey key = new RuleKey("warm-up", "first");
        ValueTest test = new ValueTest.Equal(TextNode.valueOf("helix.started"));
        Network network = new Network("warm-up");
        network.put(Map.of(key, new Pattern(new Condition.Field(List.of("type"), List.of(test)))));
        Event event =
                new Event("1", "helix", "helix.started", null, Instant.EPOCH, Map.of(), MissingNode.getInstance());
        if (!network.match(event).equals(List.of(key))) {
            throw new IllegalStateException("a rule that must match did not; is META-INF/services intact?");
        }
        network.remove(List.of(key));
    }
}
