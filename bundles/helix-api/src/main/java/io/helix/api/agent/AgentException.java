package io.helix.api.agent;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How an agent says that it failed. The message is shown to users; it must not hold a secret. */
public final class AgentException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean retryable;
    private final @Nullable Duration retryAfter;

    private AgentException(
            boolean retryable, @Nullable Duration retryAfter, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
        this.retryAfter = retryAfter;
    }

    /** The same call may succeed later. */
    public static AgentException retryable(String message) {
        return new AgentException(true, null, message, null);
    }

    public static AgentException retryable(String message, @Nullable Throwable cause) {
        return new AgentException(true, null, message, cause);
    }

    /** The same call may succeed after {@code retryAfter}, as the other side said. */
    public static AgentException retryable(String message, Duration retryAfter) {
        return new AgentException(true, retryAfter, message, null);
    }

    /** The same call will fail again. */
    public static AgentException permanent(String message) {
        return new AgentException(false, null, message, null);
    }

    public static AgentException permanent(String message, @Nullable Throwable cause) {
        return new AgentException(false, null, message, cause);
    }

    public boolean isRetryable() {
        return retryable;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
