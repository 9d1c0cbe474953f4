package io.helix.nats;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Requests to JetStream that are repeated while the mesh is away, and what their failures mean. */
final class NatsCalls {
    /** A request that may be made twice. */
    @FunctionalInterface
    interface Call<T> {
        T on(NatsLink.Line line) throws IOException, JetStreamApiException;
    }

    static final int STREAM_NOT_FOUND = 10059;
    static final int CONSUMER_NOT_FOUND = 10014;
    static final int MESSAGE_NOT_FOUND = 10037;
    static final int SEQUENCE_NOT_FOUND = 10043;
    private static final int FILTER_TAKEN = 10100;
    private static final int NOT_UNIQUE = 10099;
    private static final int NO_RESOURCES = 10047;
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final NatsLink link;

    NatsCalls(NatsLink link) {
        this.link = link;
    }

    /** UNAVAILABLE when it does not succeed in time. */
    <T> T call(Duration longest, String what, Call<T> call) {
        long deadline = System.nanoTime() + longest.toNanos();
        while (true) {
            long left = deadline - System.nanoTime();
            NatsLink.Line line = link.await(Duration.ofNanos(Math.max(0, left)));
            try {
                return call.on(line);
            } catch (JetStreamApiException e) {
                if (!passing(e) || left < 0) {
                    throw translate(what, e);
                }
            } catch (IOException | IllegalStateException e) {
                if (left < 0) {
                    throw HelixException.unavailable(
                            what + ": the event mesh did not answer (" + e.getMessage() + "); try again later");
                }
            }
            pause(what);
        }
    }

    private static void pause(String what) {
        LockSupport.parkNanos(PAUSE.toNanos());
        if (Thread.currentThread().isInterrupted()) {
            throw HelixException.unavailable(what + ": interrupted");
        }
    }

    /** Whether the server is there but not ready, for example without a leader yet. */
    static boolean passing(JetStreamApiException e) {
        return e.getErrorCode() == 503;
    }

    static HelixException translate(String what, JetStreamApiException e) {
        ErrorKind kind = switch (e.getApiErrorCode()) {
            case STREAM_NOT_FOUND, CONSUMER_NOT_FOUND, MESSAGE_NOT_FOUND -> ErrorKind.NOT_FOUND;
            case FILTER_TAKEN, NOT_UNIQUE -> ErrorKind.CONFLICT;
            case NO_RESOURCES -> ErrorKind.UNAVAILABLE;
            default -> passing(e) ? ErrorKind.UNAVAILABLE : ErrorKind.INTERNAL;
        };
        return new HelixException(kind, what + ": NATS says '" + e.getErrorDescription() + "'", e);
    }
}
