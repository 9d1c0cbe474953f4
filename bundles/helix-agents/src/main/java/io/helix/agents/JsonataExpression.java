package io.helix.agents;

import com.dashjoin.jsonata.Jsonata;
import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A JSONata expression under bounds. The library counts time and depth only where expressions nest: a regular expression
 * or a huge {@code $pad} runs on. So each evaluation has a thread of its own that is given up at the deadline, and the
 * number of such threads is bounded; when all are taken, evaluations fail instead of taking the machine.
 */
final class JsonataExpression {
    static final int MAX_LENGTH = 20_000;

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int MAX_DEPTH = 200;
    private static final long STACK_BYTES = 8 * 1024 * 1024;
    private static final Semaphore THREADS = new Semaphore(16);

    private final String text;
    private final Duration timeout;

    private JsonataExpression(String text, Duration timeout) {
        this.text = text;
        this.timeout = timeout;
    }

    /** @throws HelixException INVALID when it is not an expression */
    static JsonataExpression parse(String text) {
        return parse(text, TIMEOUT);
    }

    static JsonataExpression parse(String text, Duration timeout) {
        if (text.length() > MAX_LENGTH) {
            throw HelixException.invalid("a JSONata expression may have " + MAX_LENGTH + " characters");
        }
        try {
            Jsonata.jsonata(text);
        } catch (RuntimeException | StackOverflowError e) {
            throw HelixException.invalid("JSONata expression '" + shorten(text) + "' is not valid: " + reason(e));
        }
        return new JsonataExpression(text, timeout);
    }

    /**
     * The result as JSON; MissingNode when there is none.
     *
     * @throws AgentException permanent, whatever goes wrong in the expression; retryable when there is no free thread
     */
    JsonNode evaluate(JsonNode input) throws AgentException, InterruptedException {
        if (!THREADS.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            throw AgentException.retryable("too many JSONata expressions are still running");
        }
        FutureTask<JsonNode> task = new FutureTask<>(() -> JsonValues.fromJava(run(JsonValues.toJava(input))));
        Thread thread = new Thread(null, () -> runAndRelease(task), "jsonata", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        return result(task);
    }

    private static void runAndRelease(FutureTask<JsonNode> task) {
        try {
            task.run();
        } finally {
            THREADS.release();
        }
    }

    private JsonNode result(FutureTask<JsonNode> task) throws AgentException, InterruptedException {
        try {
            // The library stops most runaways itself, with a better message.
            return task.get(timeout.toMillis() + 500, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw AgentException.permanent("JSONata expression failed: " + reason(e.getCause()));
        } catch (TimeoutException e) {
            throw AgentException.permanent(
                    "JSONata expression ran longer than " + timeout.toMillis() + " ms and was given up");
        }
    }

    private @Nullable Object run(@Nullable Object input) {
        // Neither an expression nor a frame may be shared between threads, and a frame remembers its variables.
        Jsonata expression = Jsonata.jsonata(text);
        Jsonata.Frame frame = expression.createFrame();
        frame.setRuntimeBounds(timeout.toMillis(), MAX_DEPTH);
        return expression.evaluate(input, frame);
    }

    private static String reason(@Nullable Throwable failure) {
        return switch (failure) {
            case null -> "unknown";
            case StackOverflowError ignored -> "it nests too deeply";
            case OutOfMemoryError ignored -> "it needs too much memory";
            default -> {
                String message = failure.getMessage();
                yield shorten(message == null ? failure.getClass().getSimpleName() : message);
            }
        };
    }

    private static String shorten(String text) {
        return text.length() <= 300 ? text : text.substring(0, 300) + "...";
    }
}
