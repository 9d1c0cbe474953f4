package io.helix.web;

import io.helix.api.HelixException;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/** Answers when what was promised did not come in time. */
final class LateAnswer implements AsyncListener {
    private final Runnable answer;

    LateAnswer(Runnable answer) {
        this.answer = answer;
    }

    static HelixException tooLate() {
        return HelixException.unavailable(
                "no answer in time; whether it was done is not known, the same call may be repeated");
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        answer.run();
    }

    @Override
    public void onComplete(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
