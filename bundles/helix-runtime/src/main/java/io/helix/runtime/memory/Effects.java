package io.helix.runtime.memory;

import io.helix.api.HelixException;
import io.helix.api.event.Message;
import io.helix.runtime.document.RuleDefinition;
import io.helix.runtime.match.Triggering;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What came of the messages of one profile and is still to be done, in order. One thread at a time. */
final class Effects {
    private static final Logger log = LoggerFactory.getLogger(Effects.class);
    private static final Duration PUBLISH = Duration.ofSeconds(30);
    private static final int SENT_TOGETHER = 256;

    private final String profile;
    private final Triggering triggering;
    private final BiConsumer<RuleDefinition, String> suspend;
    private final Instant started;
    private final Deque<Firing> firings = new ArrayDeque<>();
    private final Deque<RuleMemory.GivenUp> givenUp = new ArrayDeque<>();
    private final List<Message> outbox = new LinkedList<>();

    /** @param started firings that were due before are late */
    Effects(String profile, Triggering triggering, BiConsumer<RuleDefinition, String> suspend, Instant started) {
        this.profile = profile;
        this.triggering = triggering;
        this.suspend = suspend;
        this.started = started;
    }

    void add(RuleMemory.Outcome outcome) {
        firings.addAll(outcome.firings());
        givenUp.addAll(outcome.givenUp());
    }

    boolean isDone() {
        return firings.isEmpty() && givenUp.isEmpty() && outbox.isEmpty();
    }

    /** Leaves undone what would be found again. */
    void clear() {
        firings.clear();
        givenUp.clear();
        outbox.clear();
    }

    /** Does what came of the messages taken so far. What fails is done with the next try. */
    void finish() {
        for (Firing firing = firings.peek(); firing != null; firing = firings.peek()) {
            outbox.addAll(triggering.triggers(firing, firing.due().isBefore(started)));
            firings.remove();
        }
        for (RuleMemory.GivenUp next = givenUp.peek(); next != null; next = givenUp.peek()) {
            suspend.accept(next.rule(), next.reason());
            givenUp.remove();
        }
        while (!outbox.isEmpty()) {
            sendSome();
        }
    }

    /** In parts, since the mesh takes so many at a time; and each is sent until it is stored, but not again after that. */
    private void sendSome() {
        List<Message> some = outbox.stream().limit(SENT_TOGETHER).toList();
        List<CompletableFuture<?>> sent = new ArrayList<>();
        some.forEach(trigger -> sent.add(triggering.send(trigger).toCompletableFuture()));
        await(sent);
        String trouble = "";
        for (int i = 0; i < some.size(); i++) {
            Throwable failure = failure(sent.get(i));
            if (failure == null || isLost(some.get(i), failure)) {
                outbox.remove(some.get(i));
            } else {
                trouble = String.valueOf(failure.getMessage());
            }
        }
        if (!trouble.isEmpty()) {
            throw HelixException.unavailable(outbox.size() + " triggers are not stored: " + trouble);
        }
    }

    private static void await(List<CompletableFuture<?>> sent) {
        try {
            CompletableFuture.allOf(sent.toArray(CompletableFuture<?>[]::new))
                    .get(PUBLISH.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HelixException.unavailable("interrupted while triggers were sent");
        } catch (ExecutionException | TimeoutException e) {
            log.debug("some triggers are not stored: {}", e.toString());
        }
    }

    /** Null when it is stored. */
    private static @Nullable Throwable failure(CompletableFuture<?> sent) {
        if (!sent.isDone()) {
            return new TimeoutException("no answer from the mesh");
        }
        return sent.isCompletedExceptionally() ? sent.exceptionNow() : null;
    }

    /** A trigger that the mesh will never take must not keep all others waiting. */
    private boolean isLost(Message trigger, Throwable failure) {
        boolean lost = failure instanceof HelixException e && !e.kind().retryable();
        if (lost) {
            log.error(
                    "trigger cannot be stored and is lost profile={} recipe={} run={} cause={}",
                    profile,
                    trigger.route(),
                    trigger.id(),
                    failure.getMessage());
        }
        return lost;
    }
}
