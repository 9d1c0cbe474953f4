package io.helix.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.helix.api.ErrorKind;
import io.helix.api.Health;
import io.helix.api.HelixException;
import io.helix.api.event.Channel;
import io.helix.api.event.Message;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NatsServerProcessTest {
    private static final Duration LONGEST = Duration.ofSeconds(15);

    @Test
    void isStartedAgainOnTheSamePort(@TempDir Path home) throws Exception {
        NatsServerProcess server = new NatsServerProcess(Servers.settings(home));
        server.start();
        try {
            String url = server.address().get(20, TimeUnit.SECONDS).url();
            long first = server.processId().orElseThrow();
            Servers.kill(first);
            await().atMost(LONGEST)
                    .until(() -> server.processId().filter(pid -> pid != first).isPresent());
            assertThat(Files.readString(home.resolve("nats/nats.conf"))).contains(url.replace("nats://", "\""));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("nats/token"))))
                    .isEqualTo("rw-------");
        } finally {
            server.close();
        }
        assertThat(alive(server)).isFalse();
    }

    @Test
    void endsWithItsOwnerHoweverThatEnds(@TempDir Path home) throws IOException {
        Process owner = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Owner.class.getName(),
                        home.toString())
                .redirectError(home.resolve("owner.err").toFile())
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(owner.getInputStream(), StandardCharsets.UTF_8))) {
            String pid = out.readLine();
            assertThat(pid).as(() -> errors(home)).isNotNull();
            ProcessHandle server = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
            owner.destroyForcibly();
            await().atMost(LONGEST).until(() -> !server.isAlive());
        } finally {
            owner.destroyForcibly();
        }
    }

    private static String errors(Path home) {
        try {
            return "the owner ended: " + Files.readString(home.resolve("owner.err"));
        } catch (IOException e) {
            return "the owner ended";
        }
    }

    /** A process to be killed. */
    static final class Owner {
        private Owner() {}

        public static void main(String[] args) throws Exception {
            NatsServerProcess server = new NatsServerProcess(Servers.settings(Path.of(args[0])));
            server.start();
            server.address().get(20, TimeUnit.SECONDS);
            System.out.println(server.processId().orElseThrow());
            Thread.currentThread().join();
        }
    }

    @Test
    void saysWhatToDoWhenThereIsNoServer(@TempDir Path home) {
        NatsSettings usual = Servers.settings(home);
        NatsEventBus bus = new NatsEventBus(new NatsSettings(
                "", "", "/nowhere/nats-server", home, usual.directory(), 8, usual.eventsMaxAge(), 1L << 30));
        try {
            await().atMost(LONGEST).until(() -> bus.health().state() == Health.State.DOWN);
            assertThat(bus.health().detail()).contains("/nowhere/nats-server", "install nats-server", "url");
            assertThat(bus.accepting()).isFalse();
            bus.publish(new Message(Channel.EVENTS, "p", "a", "k", "id", Map.of(), new byte[0]))
                    .handle((receipt, failure) -> assertThat(failure)
                            .isInstanceOfSatisfying(
                                    HelixException.class,
                                    e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNAVAILABLE)))
                    .toCompletableFuture()
                    .join();
            assertThatThrownBy(() -> bus.find(Channel.EVENTS, "p", 1)).hasMessageContaining("install nats-server");
        } finally {
            bus.close();
        }
    }

    @Test
    void refusesADirectoryInUse(@TempDir Path home) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (OwnerLock first = OwnerLock.acquire(home, LONGEST, never)) {
            assertThatThrownBy(() -> OwnerLock.acquire(home, Duration.ofMillis(150), never))
                    .as("second owner beside %s", first)
                    .hasMessageContaining("another Helix is using");
        }
        OwnerLock.acquire(home, LONGEST, never).close();
    }

    private static boolean alive(NatsServerProcess server) {
        return server.processId()
                .flatMap(ProcessHandle::of)
                .flatMap(handle -> handle.info().command())
                .filter(command -> command.contains("nats-server"))
                .isPresent();
    }
}
