package io.helix.nats;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.event.Channel;
import io.helix.api.event.StoredMessage;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The streams of the profiles: creates, checks and reads them. */
final class NatsStreams {
    /** A body of 1 MB and its headers; the server's own default would refuse the largest event. */
    static final int MAX_MESSAGE_BYTES = 2 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(NatsStreams.class);
    private static final Duration PROVISION = Duration.ofSeconds(20);
    private static final Duration READ = Duration.ofSeconds(6);
    private static final Duration KEPT = Duration.ofDays(30);
    private static final long MOST_TRIGGERS = 1_000_000;
    private static final long GIGABYTE = 1L << 30;

    private final NatsCalls calls;
    private final NatsSettings settings;
    private final Set<String> provisioned = ConcurrentHashMap.newKeySet();

    NatsStreams(NatsCalls calls, NatsSettings settings) {
        this.calls = calls;
        this.settings = settings;
    }

    void provision(String profile) {
        for (Channel channel : Channel.values()) {
            StreamConfiguration wanted = configuration(channel, profile);
            calls.call(PROVISION, "creating stream " + wanted.getName(), line -> ensure(line.management(), wanted));
        }
        provisioned.add(profile);
    }

    boolean isProvisioned(String profile) {
        return provisioned.contains(profile);
    }

    HelixException notProvisioned(String profile) {
        return HelixException.notFound(
                "profile '" + profile + "' has no streams on the event mesh; provision it first");
    }

    void remove(String profile) {
        provisioned.remove(profile);
        for (Channel channel : Channel.values()) {
            String stream = Subjects.stream(channel, profile);
            calls.call(PROVISION, "deleting stream " + stream, line -> deleteIfThere(line.management(), stream));
        }
    }

    /** How long two messages with one id are stored once. */
    static Duration duplicateWindow(Channel channel) {
        return switch (channel) {
            case TRIGGERS -> Duration.ofMinutes(10);
            case EVENTS, JOURNAL, DEAD_LETTERS -> Duration.ofMinutes(2);
        };
    }

    private StreamConfiguration configuration(Channel channel, String profile) {
        StreamConfiguration.Builder builder = StreamConfiguration.builder()
                .name(Subjects.stream(channel, profile))
                .subjects(Subjects.all(channel, profile))
                .storageType(StorageType.File)
                .maximumMessageSize(MAX_MESSAGE_BYTES)
                .discardPolicy(DiscardPolicy.Old)
                .retentionPolicy(RetentionPolicy.Limits)
                .duplicateWindow(duplicateWindow(channel));
        StreamConfiguration.Builder bounded = switch (channel) {
            case EVENTS -> builder.maxAge(settings.eventsMaxAge()).maxBytes(settings.eventsMaxBytes());
            case TRIGGERS ->
                builder.retentionPolicy(RetentionPolicy.WorkQueue)
                        .discardPolicy(DiscardPolicy.New)
                        .maxMessages(MOST_TRIGGERS)
                        .maxBytes(GIGABYTE);
            case JOURNAL -> builder.maxAge(KEPT).maxBytes(settings.eventsMaxBytes());
            case DEAD_LETTERS -> builder.maxAge(KEPT).maxBytes(GIGABYTE);
        };
        return bounded.build();
    }

    private static StreamConfiguration ensure(JetStreamManagement management, StreamConfiguration wanted)
            throws IOException, JetStreamApiException {
        Optional<StreamConfiguration> present = present(management, wanted.getName());
        if (present.isPresent() && differences(present.get(), wanted).isEmpty()) {
            return present.get();
        }
        StreamConfiguration result = present.isEmpty()
                ? management.addStream(wanted).getConfiguration()
                : management.updateStream(wanted).getConfiguration();
        List<String> differences = differences(result, wanted);
        if (!differences.isEmpty()) {
            throw new HelixException(
                    ErrorKind.INTERNAL,
                    "stream " + wanted.getName() + " is not as wanted: " + String.join(", ", differences)
                            + "; the NATS server may be too old, 2.9 or newer is needed");
        }
        LOG.debug("stream {} {}", wanted.getName(), present.isEmpty() ? "created" : "updated");
        return result;
    }

    private static Optional<StreamConfiguration> present(JetStreamManagement management, String stream)
            throws IOException, JetStreamApiException {
        try {
            return Optional.of(management.getStreamInfo(stream).getConfiguration());
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NatsCalls.STREAM_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Old servers drop settings they do not know without a word. */
    private static List<String> differences(StreamConfiguration is, StreamConfiguration wanted) {
        List<String> found = new ArrayList<>();
        compare(found, "subjects", is.getSubjects(), wanted.getSubjects());
        compare(found, "retention", is.getRetentionPolicy(), wanted.getRetentionPolicy());
        compare(found, "discard", is.getDiscardPolicy(), wanted.getDiscardPolicy());
        compare(found, "storage", is.getStorageType(), wanted.getStorageType());
        compare(found, "max age", is.getMaxAge(), wanted.getMaxAge());
        compare(found, "max bytes", is.getMaxBytes(), wanted.getMaxBytes());
        compare(found, "max messages", is.getMaxMsgs(), wanted.getMaxMsgs());
        compare(found, "max message size", is.getMaximumMessageSize(), wanted.getMaximumMessageSize());
        compare(found, "duplicate window", is.getDuplicateWindow(), wanted.getDuplicateWindow());
        return found;
    }

    private static void compare(List<String> found, String what, @Nullable Object is, @Nullable Object wanted) {
        if (!Objects.equals(is, wanted)) {
            found.add(what + " is " + is + " instead of " + wanted);
        }
    }

    private static boolean deleteIfThere(JetStreamManagement management, String stream)
            throws IOException, JetStreamApiException {
        try {
            return management.deleteStream(stream);
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NatsCalls.STREAM_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    Optional<StoredMessage> find(Channel channel, String profile, long sequence) {
        String stream = Subjects.stream(channel, profile);
        return sequence < 1
                ? Optional.empty()
                : calls.call(
                                READ,
                                "reading message " + sequence + " of " + stream,
                                line -> get(() -> line.management().getMessage(stream, sequence)))
                        .map(info -> Messages.stored(channel, profile, info));
    }

    long lastSequence(Channel channel, String profile) {
        return state(channel, profile).getLastSequence();
    }

    boolean delete(Channel channel, String profile, long sequence) {
        String stream = Subjects.stream(channel, profile);
        return calls.call(READ, "deleting message " + sequence + " of " + stream, line -> {
            try {
                return line.management().deleteMessage(stream, sequence);
            } catch (JetStreamApiException e) {
                if (e.getApiErrorCode() == NatsCalls.MESSAGE_NOT_FOUND
                        || e.getApiErrorCode() == NatsCalls.SEQUENCE_NOT_FOUND) {
                    return false;
                }
                throw e;
            }
        });
    }

    long pending(Channel channel, String profile, String name) {
        String stream = Subjects.stream(channel, profile);
        return calls.call(READ, "reading consumer " + name + " of " + stream, line -> {
            try {
                ConsumerInfo info = line.management().getConsumerInfo(stream, name);
                return info.getNumPending() + info.getNumAckPending();
            } catch (JetStreamApiException e) {
                if (e.getApiErrorCode() == NatsCalls.CONSUMER_NOT_FOUND) {
                    return 0L;
                }
                throw e;
            }
        });
    }

    OptionalLong handled(Channel channel, String profile, String name) {
        String stream = Subjects.stream(channel, profile);
        return calls.call(READ, "reading consumer " + name + " of " + stream, line -> {
            try {
                ConsumerInfo info = line.management().getConsumerInfo(stream, Subjects.consumer(name));
                return OptionalLong.of(info.getAckFloor().getStreamSequence());
            } catch (JetStreamApiException e) {
                if (e.getApiErrorCode() == NatsCalls.CONSUMER_NOT_FOUND) {
                    return OptionalLong.empty();
                }
                throw e;
            }
        });
    }

    void forget(Channel channel, String profile, String name) {
        String stream = Subjects.stream(channel, profile);
        calls.call(READ, "deleting consumer " + name + " of " + stream, line -> {
            try {
                return line.management().deleteConsumer(stream, Subjects.consumer(name));
            } catch (JetStreamApiException e) {
                if (e.getApiErrorCode() == NatsCalls.CONSUMER_NOT_FOUND) {
                    return false;
                }
                throw e;
            }
        });
    }

    /**
     * JetStream reads forward only: takes spans from the end, each longer than the one before, so that neither a full
     * stream nor one with long gaps costs many requests more than it has messages.
     */
    List<StoredMessage> newest(Channel channel, String profile, @Nullable Long before, int limit) {
        StreamState state = state(channel, profile);
        long end = before == null ? state.getLastSequence() + 1 : Math.min(before, state.getLastSequence() + 1);
        long first = Math.max(1, state.getFirstSequence());
        List<StoredMessage> newestFirst = new ArrayList<>();
        long span = limit;
        while (newestFirst.size() < limit && end > first) {
            long begin = Math.max(first, end - span);
            newestFirst.addAll(read(channel, profile, begin, end).reversed());
            end = begin;
            span = Math.min(span * 4, 1L << 40);
        }
        return List.copyOf(newestFirst.subList(0, Math.min(limit, newestFirst.size())));
    }

    private List<StoredMessage> read(Channel channel, String profile, long begin, long end) {
        String stream = Subjects.stream(channel, profile);
        String subject = Subjects.all(channel, profile);
        List<StoredMessage> found = new ArrayList<>();
        long next = begin;
        while (next < end) {
            long from = next;
            Optional<MessageInfo> info = calls.call(
                    READ,
                    "reading " + stream,
                    line -> get(() -> line.management().getNextMessage(stream, from, subject)));
            if (info.isEmpty() || info.get().getSeq() >= end) {
                return found;
            }
            found.add(Messages.stored(channel, profile, info.get()));
            next = info.get().getSeq() + 1;
        }
        return found;
    }

    private StreamState state(Channel channel, String profile) {
        String stream = Subjects.stream(channel, profile);
        return calls.call(
                READ,
                "reading the state of " + stream,
                line -> line.management().getStreamInfo(stream).getStreamState());
    }

    @FunctionalInterface
    private interface Read {
        MessageInfo info() throws IOException, JetStreamApiException;
    }

    private static Optional<MessageInfo> get(Read read) throws IOException, JetStreamApiException {
        try {
            return Optional.of(read.info());
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NatsCalls.MESSAGE_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
