package io.helix.nats;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.event.Message;
import io.helix.api.event.Receipt;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Stores messages: asynchronously, a bounded number at once, again with the same id until it is certain. */
final class NatsPublisher {
    private static final int STREAM_FULL = 10077;
    private static final int MESSAGE_TOO_LARGE = 10054;
    private static final long FIRST_WAIT = 50;
    private static final long LONGEST_WAIT = 2000;

    private final NatsLink link;
    private final NatsStreams streams;
    private final Semaphore window;
    private final int size;

    NatsPublisher(NatsLink link, NatsStreams streams, int size) {
        this.link = link;
        this.streams = streams;
        this.window = new Semaphore(size);
        this.size = size;
    }

    boolean accepting() {
        return link.started() && window.availablePermits() > 0;
    }

    CompletableFuture<Receipt> publish(Message message) {
        try {
            Attempts attempts = prepare(message);
            if (!window.tryAcquire()) {
                throw HelixException.unavailable(
                        "the window of " + size + " messages in flight is full; try again shortly");
            }
            attempts.result.whenComplete((receipt, failure) -> window.release());
            attempts.send();
            return attempts.answer();
        } catch (HelixException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** For what the bus itself has to store, which must not wait behind what it is asked to store. */
    CompletableFuture<Receipt> publishOutsideWindow(Message message) {
        try {
            Attempts attempts = prepare(message);
            attempts.send();
            return attempts.answer();
        } catch (HelixException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Attempts prepare(Message message) {
        String subject = Subjects.of(message);
        if (!link.started() || link.closed()) {
            throw HelixException.unavailable(
                    "the event mesh is not ready: " + link.health().detail());
        }
        if (!streams.isProvisioned(message.profile())) {
            throw streams.notProvisioned(message.profile());
        }
        try {
            return new Attempts(message, subject, Messages.headers(message));
        } catch (IllegalArgumentException e) {
            throw HelixException.invalid(
                    "message '" + message.id() + "' has a header that is not printable ASCII: " + e.getMessage());
        }
    }

    /** What to do about a failed attempt. */
    private sealed interface Verdict {
        record Again(String why) implements Verdict {}

        record Fail(HelixException why) implements Verdict {}
    }

    private final class Attempts {
        private final Message message;
        private final String subject;
        private final Headers headers;
        private final long deadline;
        private final CompletableFuture<Receipt> result = new CompletableFuture<>();
        private long wait = FIRST_WAIT;

        Attempts(Message message, String subject, Headers headers) {
            this.message = message;
            this.subject = subject;
            this.headers = headers;
            Duration half =
                    NatsStreams.duplicateWindow(message.channel()).dividedBy(2).minus(NatsLink.REQUEST);
            this.deadline = System.nanoTime() + half.toNanos();
        }

        /** On a thread of the caller's own: one that blocked the client's would hold up every other message. */
        CompletableFuture<Receipt> answer() {
            CompletableFuture<Receipt> answer = new CompletableFuture<>();
            result.whenComplete((receipt, failure) -> Thread.startVirtualThread(() -> {
                if (failure == null) {
                    answer.complete(receipt);
                } else {
                    answer.completeExceptionally(failure);
                }
            }));
            return answer;
        }

        void send() {
            var line = link.line();
            if (line.isEmpty()) {
                again("the connection is lost");
                return;
            }
            try {
                line.get()
                        .jetStream()
                        .publishAsync(subject, headers, message.body())
                        .whenComplete(this::answered);
            } catch (RuntimeException e) {
                answered(null, e);
            }
        }

        private void answered(@Nullable PublishAck ack, @Nullable Throwable failure) {
            if (ack != null) {
                result.complete(new Receipt(ack.getSeqno(), ack.isDuplicate()));
                return;
            }
            switch (judge(failure)) {
                case Verdict.Again(String why) -> again(why);
                case Verdict.Fail(HelixException why) -> result.completeExceptionally(why);
            }
        }

        private Verdict judge(@Nullable Throwable failure) {
            Throwable cause = root(failure);
            if (!streams.isProvisioned(message.profile())) {
                return new Verdict.Fail(streams.notProvisioned(message.profile()));
            }
            if (cause instanceof JetStreamApiException refused) {
                return refused(refused);
            }
            if (cause instanceof IllegalArgumentException) {
                return new Verdict.Fail(
                        HelixException.invalid("message '" + message.id() + "' cannot be sent: " + cause.getMessage()));
            }
            return new Verdict.Again(String.valueOf(cause));
        }

        private Verdict refused(JetStreamApiException e) {
            String what = "publishing to " + subject;
            boolean full = e.getApiErrorCode() == STREAM_FULL
                    && String.valueOf(e.getErrorDescription()).contains("maximum");
            if (full) {
                return new Verdict.Fail(new HelixException(
                        ErrorKind.UNAVAILABLE,
                        Subjects.stream(message.channel(), message.profile()) + " is full; try again later",
                        e));
            }
            if (e.getApiErrorCode() == MESSAGE_TOO_LARGE) {
                return new Verdict.Fail(HelixException.invalid(
                        "message '" + message.id() + "' is larger than " + NatsStreams.MAX_MESSAGE_BYTES + " bytes"));
            }
            return NatsCalls.passing(e)
                    ? new Verdict.Again(String.valueOf(e.getErrorDescription()))
                    : new Verdict.Fail(NatsCalls.translate(what, e));
        }

        private void again(String why) {
            long delay = wait + ThreadLocalRandom.current().nextLong(wait / 2);
            wait = Math.min(LONGEST_WAIT, wait * 2);
            boolean late = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delay) > deadline;
            if (late || link.closed()) {
                result.completeExceptionally(away(why));
                return;
            }
            try {
                link.timer().schedule(this::send, delay, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                result.completeExceptionally(away("shutting down"));
            }
        }

        private HelixException away(String why) {
            return HelixException.unavailable("message '" + message.id()
                    + "' could not be confirmed by the event mesh (" + why + "); send it again with the same id");
        }
    }

    private static @Nullable Throwable root(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause != null
                && cause.getCause() != null
                && (cause instanceof CompletionException
                        || cause instanceof ExecutionException
                        || cause.getClass().equals(RuntimeException.class))) {
            cause = cause.getCause();
        }
        return cause;
    }
}
