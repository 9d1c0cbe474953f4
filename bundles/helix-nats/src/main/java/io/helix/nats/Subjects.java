package io.helix.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helix.api.HelixException;
import io.helix.api.event.Channel;
import io.helix.api.event.DeadLetter;
import io.helix.api.event.Message;
import java.util.Locale;
import java.util.zip.CRC32;

/** The names of streams and subjects. */
final class Subjects {
    static final int PARTITIONS = 16;

    private Subjects() {}

    static String stream(Channel channel, String profile) {
        String suffix = switch (channel) {
            case EVENTS -> "EVENTS";
            case TRIGGERS -> "TRIGGERS";
            case JOURNAL -> "JOURNAL";
            case DEAD_LETTERS -> "DLQ";
        };
        return "HELIX_" + profile(profile).toUpperCase(Locale.ROOT) + "_" + suffix;
    }

    /** The subjects of a channel, as a stream subscribes to them. */
    static String all(Channel channel, String profile) {
        return prefix(channel, profile) + ">";
    }

    static String of(Message message) {
        String prefix = prefix(message.channel(), message.profile());
        String route = route(message.route());
        return switch (message.channel()) {
            case EVENTS -> prefix + partition(message.partitionKey()) + "." + route;
            case TRIGGERS, JOURNAL -> prefix + route;
            case DEAD_LETTERS -> prefix + origin(message) + "." + route;
        };
    }

    /** The route in a subject made by {@link #of}. */
    static String route(Channel channel, String profile, String subject) {
        String rest = subject.substring(
                Math.min(subject.length(), prefix(channel, profile).length()));
        return switch (channel) {
            case TRIGGERS, JOURNAL -> rest;
            case EVENTS, DEAD_LETTERS -> rest.substring(rest.indexOf('.') + 1);
        };
    }

    /** Two digits; the same on every node and in every version, or a partition would have two owners. */
    static String partition(String key) {
        CRC32 crc = new CRC32();
        crc.update(key.getBytes(UTF_8));
        long partition = crc.getValue() % PARTITIONS;
        return partition < 10 ? "0" + partition : Long.toString(partition);
    }

    /** Checks the name of a durable consumer. */
    static String consumer(String name) {
        if (name.isEmpty() || !name.chars().allMatch(Subjects::tokenCharacter)) {
            throw HelixException.invalid("consumer name '" + name + "' is not valid: use letters, digits, '_' and '-'");
        }
        return name;
    }

    private static String prefix(Channel channel, String profile) {
        String token = switch (channel) {
            case EVENTS -> "events";
            case TRIGGERS -> "cmd";
            case JOURNAL -> "journal";
            case DEAD_LETTERS -> "dlq";
        };
        return "helix." + profile(profile) + "." + token + ".";
    }

    private static String origin(Message message) {
        String channel = message.headers().getOrDefault(DeadLetter.CHANNEL, "other");
        return route(channel.toLowerCase(Locale.ROOT));
    }

    private static String profile(String profile) {
        boolean valid = !profile.isEmpty()
                && profile.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-');
        if (!valid) {
            throw HelixException.invalid(
                    "profile '" + profile + "' cannot be a name on the mesh: use lower case letters, digits and '-'");
        }
        return profile;
    }

    private static String route(String route) {
        boolean valid = !route.isEmpty()
                && route.chars().allMatch(c -> tokenCharacter(c) || c == '.')
                && !route.startsWith(".")
                && !route.endsWith(".")
                && !route.contains("..");
        if (!valid) {
            throw HelixException.invalid("route '" + route
                    + "' is not valid: use letters, digits, '_' and '-', in parts separated by single dots");
        }
        return route;
    }

    private static boolean tokenCharacter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-';
    }
}
