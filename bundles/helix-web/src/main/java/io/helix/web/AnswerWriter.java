package io.helix.web;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts answers on the wire. */
final class AnswerWriter {
    private static final Logger LOG = LoggerFactory.getLogger("io.helix.web");
    private static final long LATER_TIMEOUT_MILLIS = 60_000;

    private final EventStreams streams;

    AnswerWriter(EventStreams streams) {
        this.streams = streams;
    }

    /** For servlets whose answers are never streams. */
    static AnswerWriter withoutStreams() {
        return new AnswerWriter(new EventStreams(Duration.ZERO));
    }

    void write(Answer answer, HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (answer) {
            case Answer.Value value -> value(value, request, response);
            case Answer.Empty empty -> {
                head(response, empty.status(), empty.headers());
                response.setContentLength(0);
            }
            case Answer.Later later -> later(later, request, response);
            case Answer.Stream stream -> streams.open(stream.opening(), request, response);
        }
    }

    void refuse(Throwable failure, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Failures.Refusal refusal = Failures.translate(failure, request);
        if (response.isCommitted()) {
            return;
        }
        BoundedBody.dropRest(request);
        response.reset();
        head(response, refusal.status(), refusal.headers());
        body(response, MediaTypes.PROBLEM, JsonForms.json(refusal.problem()));
    }

    private static void value(Answer.Value value, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        boolean yaml = MediaTypes.prefersYaml(request.getHeader("Accept"));
        byte[] bytes = yaml ? JsonForms.yaml(value.value()) : JsonForms.json(value.value());
        head(response, value.status(), value.headers());
        response.setHeader("Vary", "Accept");
        body(response, yaml ? MediaTypes.YAML : MediaTypes.JSON, bytes);
    }

    private void later(Answer.Later later, HttpServletRequest request, HttpServletResponse response) {
        AsyncContext async = request.startAsync(request, response);
        async.setTimeout(LATER_TIMEOUT_MILLIS);
        AtomicBoolean answered = new AtomicBoolean();
        async.addListener(new LateAnswer(() -> {
            if (answered.compareAndSet(false, true)) {
                finish(async, () -> refuse(LateAnswer.tooLate(), request, response));
            }
        }));
        later.stage().whenComplete((answer, failure) -> {
            if (answered.compareAndSet(false, true)) {
                finish(async, () -> {
                    if (failure == null) {
                        write(answer, request, response);
                    } else {
                        refuse(failure, request, response);
                    }
                });
            }
        });
    }

    private static void finish(AsyncContext async, Writing writing) {
        try {
            writing.write();
        } catch (IOException e) {
            LOG.debug("the caller left before the answer", e);
        } finally {
            async.complete();
        }
    }

    /** Something that writes a response. */
    @FunctionalInterface
    private interface Writing {
        void write() throws IOException;
    }

    private static void head(HttpServletResponse response, int status, Map<String, String> headers) {
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        headers.forEach(response::setHeader);
    }

    private static void body(HttpServletResponse response, String type, byte[] bytes) throws IOException {
        response.setContentType(type);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
