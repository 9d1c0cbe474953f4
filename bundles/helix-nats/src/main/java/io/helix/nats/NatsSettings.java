package io.helix.nats;

import io.helix.api.HelixException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * What an operator can set.
 *
 * @param url empty for a server of our own
 * @param binary empty to search for nats-server
 * @param home where {@code bin/nats-server} may be
 * @param directory state of our own server
 * @param window messages in flight
 */
record NatsSettings(
        String url,
        String token,
        String binary,
        Path home,
        Path directory,
        int window,
        Duration eventsMaxAge,
        long eventsMaxBytes) {

    boolean embedded() {
        return url.isBlank();
    }

    static NatsSettings of(NatsEventBus.Config config, Path home) {
        if (config.window() < 1) {
            throw HelixException.invalid("io.helix.nats: window must be at least 1, not " + config.window());
        }
        return new NatsSettings(
                config.url().strip(),
                config.token().strip(),
                config.binary().strip(),
                home,
                config.dir().isBlank()
                        ? home.resolve("nats")
                        : Path.of(config.dir().strip()),
                config.window(),
                age(config.events_max_age().strip()),
                bytes(config.events_max_bytes().strip()));
    }

    static Duration age(String text) {
        return switch (unit(text)) {
            case "s" -> Duration.ofSeconds(number(text));
            case "m" -> Duration.ofMinutes(number(text));
            case "h" -> Duration.ofHours(number(text));
            case "d" -> Duration.ofDays(number(text));
            default ->
                throw HelixException.invalid("io.helix.nats: events.max.age '" + text
                        + "' is not a duration; write a number with s, m, h or d, e.g. 7d");
        };
    }

    static long bytes(String text) {
        return switch (unit(text)) {
            case "" -> number(text);
            case "mb" -> number(text) << 20;
            case "gb" -> number(text) << 30;
            default ->
                throw HelixException.invalid("io.helix.nats: events.max.bytes '" + text
                        + "' is not a size; write a number, alone or with MB or GB, e.g. 10GB");
        };
    }

    private static String unit(String text) {
        return text.replaceFirst("^[1-9][0-9]{0,9}", "").strip().toLowerCase(Locale.ROOT);
    }

    private static long number(String text) {
        String digits = text.replaceFirst("[^0-9].*$", "");
        if (digits.isEmpty()) {
            throw HelixException.invalid("io.helix.nats: '" + text + "' does not begin with a number above 0");
        }
        return Long.parseLong(digits);
    }
}
