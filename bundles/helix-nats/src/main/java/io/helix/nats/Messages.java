package io.helix.nats;

import io.helix.api.event.Channel;
import io.helix.api.event.DeadLetter;
import io.helix.api.event.Delivery;
import io.helix.api.event.Message;
import io.helix.api.event.StoredMessage;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Messages of Helix as messages of NATS, and back. */
final class Messages {
    private static final String ID = "Nats-Msg-Id";
    private static final String RESERVED = "Nats-";
    private static final int LONGEST_REASON = 500;

    private Messages() {}

    /** The id goes into the header directly: through PublishOptions it costs more than the rest of a publish. */
    static Headers headers(Message message) {
        Headers headers = new Headers();
        message.headers().forEach(headers::put);
        if (!message.id().isEmpty()) {
            headers.put(ID, printable(message.id()));
        }
        return headers;
    }

    static StoredMessage stored(Channel channel, String profile, MessageInfo info) {
        String subject = Objects.requireNonNull(info.getSubject(), "subject");
        ZonedDateTime time = Objects.requireNonNull(info.getTime(), "time");
        return stored(channel, profile, subject, info.getSeq(), time, info.getHeaders(), info.getData());
    }

    static StoredMessage stored(Channel channel, String profile, io.nats.client.Message message) {
        return stored(
                channel,
                profile,
                message.getSubject(),
                message.metaData().streamSequence(),
                message.metaData().timestamp(),
                message.getHeaders(),
                message.getData());
    }

    private static StoredMessage stored(
            Channel channel,
            String profile,
            String subject,
            long sequence,
            ZonedDateTime time,
            @Nullable Headers headers,
            byte @Nullable [] body) {
        Map<String, String> plain = new HashMap<>();
        String id = "";
        if (headers != null) {
            String given = headers.getFirst(ID);
            id = given == null ? "" : given;
            headers.forEach((name, values) -> {
                if (!name.startsWith(RESERVED) && !values.isEmpty()) {
                    plain.put(name, values.getFirst());
                }
            });
        }
        return new StoredMessage(
                channel,
                profile,
                Subjects.route(channel, profile, subject),
                id,
                sequence,
                time.toInstant(),
                plain,
                body == null ? new byte[0] : body);
    }

    /** Its id names the consumer too: another consumer of the same event may give up on it as well. */
    static Message deadLetter(Delivery delivery, String consumer, String reason) {
        StoredMessage message = delivery.message();
        Map<String, String> headers = new HashMap<>(message.headers());
        headers.put(DeadLetter.REASON, shorten(printable(reason)));
        headers.put(DeadLetter.CHANNEL, message.channel().name());
        headers.put(DeadLetter.SEQUENCE, Long.toString(message.sequence()));
        headers.put(DeadLetter.ATTEMPTS, Integer.toString(delivery.attempt()));
        headers.put(DeadLetter.ORIGINAL_ID, message.id());
        String stream = Subjects.stream(message.channel(), message.profile());
        return new Message(
                Channel.DEAD_LETTERS,
                message.profile(),
                message.route(),
                message.route(),
                "dlq-" + stream + "-" + consumer + "-" + message.sequence(),
                headers,
                message.body());
    }

    /** A header of NATS is one line of printable ASCII. */
    static String printable(String text) {
        return text.chars().allMatch(Messages::isPrintable)
                ? text
                : text.codePoints()
                        .map(c -> isPrintable(c) ? c : '?')
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    private static boolean isPrintable(int c) {
        return c >= 0x20 && c < 0x7f;
    }

    private static String shorten(String text) {
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "...";
    }
}
