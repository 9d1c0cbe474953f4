package io.helix.subject;

import java.util.concurrent.Callable;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/**
 * The subject of the running thread and of the threads it starts.
 *
 * <p>{@link SubjectAgent} copies this class, under another name, next to {@link Subject} in {@code java.base}; only that copy runs.
 * It therefore uses nothing but the JDK, and neither lambdas nor nested classes.
 */
public final class SubjectScope<T extends @Nullable Object> implements Callable<T> {
    private static final InheritableThreadLocal<@Nullable Subject> CURRENT = new InheritableThreadLocal<>();

    private final @Nullable Subject subject;
    private final Callable<T> action;

    private SubjectScope(@Nullable Subject subject, Callable<T> action) {
        this.subject = subject;
        this.action = action;
    }

    /** What {@code Subject.getSubject} returns. */
    public static @Nullable Subject current() {
        return CURRENT.get();
    }

    /** The action {@code Subject.callAs} runs instead of the given one; it rejects null itself. */
    public static <T extends @Nullable Object> @Nullable Callable<T> around(
            @Nullable Subject subject, @Nullable Callable<T> action) {
        return action == null ? null : new SubjectScope<>(subject, action);
    }

    @Override
    public T call() throws Exception {
        Subject outer = CURRENT.get();
        CURRENT.set(subject);
        try {
            return action.call();
        } finally {
            if (outer == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(outer);
            }
        }
    }
}
