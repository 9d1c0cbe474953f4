package io.helix.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.event.Channel;
import io.helix.api.event.DeadLetter;
import io.helix.api.event.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class NatsNamesTest {
    @Test
    void namesStreamsAndSubjects() {
        assertThat(Subjects.stream(Channel.DEAD_LETTERS, "my-team")).isEqualTo("HELIX_MY-TEAM_DLQ");
        assertThat(subject(Channel.EVENTS, Map.of())).isEqualTo("helix.p.events." + Subjects.partition("key") + ".a.b");
        assertThat(subject(Channel.TRIGGERS, Map.of())).isEqualTo("helix.p.cmd.a.b");
        assertThat(subject(Channel.JOURNAL, Map.of())).isEqualTo("helix.p.journal.a.b");
        assertThat(subject(Channel.DEAD_LETTERS, Map.of(DeadLetter.CHANNEL, "EVENTS")))
                .isEqualTo("helix.p.dlq.events.a.b");
        for (Channel channel : Channel.values()) {
            assertThat(Subjects.route(channel, "p", subject(channel, Map.of()))).isEqualTo("a.b");
        }
    }

    @Test
    void partitionsNeverChange() {
        assertThat(Subjects.partition("")).isEqualTo("00");
        assertThat(Subjects.partition("123456789")).isEqualTo("06"); // crc32 is cbf43926
    }

    @Test
    void readsSettings() {
        assertThat(NatsSettings.age("7d")).isEqualTo(Duration.ofDays(7));
        assertThat(NatsSettings.age("90m")).isEqualTo(Duration.ofMinutes(90));
        assertThat(NatsSettings.bytes("10GB")).isEqualTo(10L << 30);
        assertThat(NatsSettings.bytes("512 MB")).isEqualTo(512L << 20);
        assertThat(NatsSettings.bytes("1048576")).isEqualTo(1L << 20);
        assertThatThrownBy(() -> NatsSettings.age("7")).hasMessageContaining("events.max.age '7'");
        assertThatThrownBy(() -> NatsSettings.age("0d")).hasMessageContaining("not a duration");
        assertThatThrownBy(() -> NatsSettings.bytes("many")).hasMessageContaining("not a size");
        assertThatThrownBy(() -> NatsSettings.bytes("")).hasMessageContaining("number");
    }

    @Test
    void knowsWhichServersKnowSyncInterval() {
        assertThat(version("nats-server: v2.9.10\n").knowsSyncInterval()).isFalse();
        assertThat(version("nats-server: v2.10.27\n").knowsSyncInterval()).isTrue();
        assertThat(version("nats-server: v3.0.0-beta.1\n").knowsSyncInterval()).isTrue();
        assertThatThrownBy(() -> version("usage")).hasMessageContaining("gives no version");
    }

    private static NatsBinary version(String answer) {
        return NatsBinary.parse(Path.of("nats-server"), answer);
    }

    private static String subject(Channel channel, Map<String, String> headers) {
        return Subjects.of(new Message(channel, "p", "a.b", "key", "id", headers, new byte[0]));
    }
}
