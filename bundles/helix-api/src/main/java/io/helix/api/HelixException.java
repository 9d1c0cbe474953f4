package io.helix.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A failure of Helix. The message is for the person who made the call: it says what failed, which id, and what to do,
 * and never holds a secret.
 */
public final class HelixException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorKind kind;
    private final transient List<Problem> problems;

    public HelixException(ErrorKind kind, String message) {
        this(kind, message, List.of(), null);
    }

    public HelixException(ErrorKind kind, String message, @Nullable Throwable cause) {
        this(kind, message, List.of(), cause);
    }

    public HelixException(ErrorKind kind, String message, List<Problem> problems) {
        this(kind, message, problems, null);
    }

    private HelixException(ErrorKind kind, String message, List<Problem> problems, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.problems = List.copyOf(problems);
    }

    public ErrorKind kind() {
        return kind;
    }

    /** The single places that are wrong, when there are several; else empty. */
    public List<Problem> problems() {
        return problems == null ? List.of() : problems;
    }

    public String message() {
        return String.valueOf(getMessage());
    }

    public static HelixException invalid(String message) {
        return new HelixException(ErrorKind.INVALID, message);
    }

    /** @param problems at least one; the message is the only one, or names the first */
    public static HelixException invalid(List<Problem> problems) {
        String message = problems.size() == 1
                ? problems.getFirst().toString()
                : problems.size() + " problems; the first: " + problems.getFirst();
        return new HelixException(ErrorKind.INVALID, message, problems);
    }

    public static HelixException notFound(String message) {
        return new HelixException(ErrorKind.NOT_FOUND, message);
    }

    public static HelixException conflict(String message) {
        return new HelixException(ErrorKind.CONFLICT, message);
    }

    public static HelixException forbidden(String message) {
        return new HelixException(ErrorKind.FORBIDDEN, message);
    }

    public static HelixException unavailable(String message) {
        return new HelixException(ErrorKind.UNAVAILABLE, message);
    }
}
