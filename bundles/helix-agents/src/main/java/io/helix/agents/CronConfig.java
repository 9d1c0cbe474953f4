package io.helix.agents;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.HelixException;
import io.helix.api.agent.Config;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** When {@link Cron} fires, and with what. */
record CronConfig(
        @Config(
                value = "Minute, hour, day of month, month, day of week; with six fields, seconds first. Not"
                        + " together with every",
                optional = true)
        @Nullable
        String cron,

        @Config(
                value = "A fixed interval of at least 1s, counted from 1970 so that restarts do not shift it",
                optional = true)
        @Nullable
        Duration every,

        @Config(value = "The time zone of cron, e.g. Europe/Berlin", defaultValue = "\"UTC\"")
        String zone,

        @Config(
                value = "What to do about times that passed while nobody could fire: none, the last one, or all"
                        + " (the 100 newest)",
                defaultValue = "\"last\"")
        Missed missed,

        @Config(
                value = "The type of the events",
                defaultValue = "\"cron.fired\"",
                pattern = "^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$")
        String eventType,

        @Config(value = "The data of the events", defaultValue = "{}")
        JsonNode data) {
    enum Missed {
        NONE,
        LAST,
        ALL
    }

    CronConfig {
        if ((cron == null) == (every == null)) {
            throw HelixException.invalid("give either cron or every");
        }
        schedule(cron, every, zone);
    }

    Schedule schedule() {
        return schedule(cron, every, zone);
    }

    private static Schedule schedule(@Nullable String cron, @Nullable Duration every, String zone) {
        if (every != null) {
            return Schedule.every(every);
        }
        try {
            return Schedule.cron(cron == null ? "" : cron, ZoneId.of(zone));
        } catch (DateTimeException e) {
            throw HelixException.invalid("zone '" + zone + "' is not known: use a name like Europe/Berlin or UTC");
        }
    }
}
