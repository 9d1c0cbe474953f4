package io.helix.agents;

import io.helix.api.HelixException;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.Source;
import io.helix.api.agent.SourceAgent;
import io.helix.api.agent.SourceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;

/**
 * Fires at the times of a schedule. The id of an event is the instant it stands for: several nodes, and a repeat after a
 * crash, make one event of it. What has fired is durable; a changed schedule begins anew, without catching up.
 *
 * <p>Firing and catching up are the same step: look at what was due since the last time, choose by {@code missed}, emit.
 */
@SourceAgent(type = "cron", description = "Emits events at the times of a schedule.")
public final class Cron implements Source<CronConfig> {
    private static final int MAX_MISSED = 100;
    // As late as this a time still counts as kept.
    private static final Duration GRACE = Duration.ofMinutes(1);
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final String STATE = "last";

    @Override
    public void start(SourceContext<CronConfig> context) {
        Firing firing = new Firing(context, context.config().schedule());
        firing.begin();
    }

    /** One schedule at work. Its tasks follow one another; there are never two at once. */
    private record Firing(SourceContext<CronConfig> context, Schedule schedule) {
        void begin() {
            Instant now = context.clock().instant();
            // The first time is remembered as well, or a restart before it would begin anew and could miss it.
            if (!hasLast()) {
                remember(now);
            }
            context.schedule(now, this::fire);
        }

        private void fire() {
            if (context.cancelled()) {
                return;
            }
            Instant now = context.clock().instant();
            try {
                for (Instant due : due(last(now), now)) {
                    emit(due);
                    remember(due);
                }
                schedule.after(now).ifPresent(next -> context.schedule(next, this::fire));
            } catch (HelixException | CompletionException e) {
                context.log().log(System.Logger.Level.WARNING, () -> "cannot fire, trying again: " + e.getMessage());
                context.schedule(now.plus(RETRY), this::fire);
            }
        }

        private List<Instant> due(Instant last, Instant now) {
            return switch (context.config().missed()) {
                case ALL -> schedule.between(last, now, MAX_MISSED);
                case LAST -> schedule.between(last, now, 1);
                case NONE ->
                    schedule.between(last, now, 1).stream()
                            .filter(it -> !it.isBefore(now.minus(GRACE)))
                            .toList();
            };
        }

        /** Fails only where trying again can help; what is refused for good is logged and passed over. */
        private void emit(Instant due) {
            EventDraft draft = EventDraft.of(
                            context.config().eventType(), context.config().data())
                    .withId(due.toString())
                    .withTime(due);
            try {
                context.emit(draft).toCompletableFuture().join();
            } catch (CompletionException e) {
                if (!(e.getCause() instanceof HelixException refused)) {
                    throw e;
                }
                if (refused.kind().retryable()) {
                    throw refused;
                }
                context.log().log(System.Logger.Level.ERROR, () -> due + " is lost: " + refused.message());
            }
        }

        private boolean hasLast() {
            return context.state().get(STATE).map(this::isOfThisSchedule).orElse(false);
        }

        private Instant last(Instant now) {
            return context.state()
                    .get(STATE)
                    .filter(this::isOfThisSchedule)
                    .map(it -> Instant.parse(it.substring(0, it.indexOf(' '))))
                    .orElse(now);
        }

        private void remember(Instant instant) {
            context.state().put(STATE, instant + " " + fingerprint());
        }

        private boolean isOfThisSchedule(String state) {
            return state.substring(state.indexOf(' ') + 1).equals(fingerprint());
        }

        private String fingerprint() {
            CronConfig config = context.config();
            return Objects.requireNonNullElse(config.cron(), "every " + config.every()) + " " + config.zone();
        }
    }
}
