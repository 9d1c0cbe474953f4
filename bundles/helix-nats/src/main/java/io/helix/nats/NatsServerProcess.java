package io.helix.nats;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A nats-server of our own, started again when it dies and gone when this process is, however that ends. */
final class NatsServerProcess implements AutoCloseable {
    /** Where it listens and what to show it. */
    record Address(String url, String token) {}

    private static final Logger LOG = LoggerFactory.getLogger(NatsServerProcess.class);
    private static final Duration PREDECESSOR = Duration.ofSeconds(20);
    private static final Duration READY = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(8);
    private static final int MOST_CRASHES_A_MINUTE = 10;

    /** This process holds the write end of fd 3: end of file there means that we are dead. */
    private static final String WATCHDOG = """
            exec 3<&0; "$0" -c "$1" </dev/null 3<&- & p=$!
            ( cat <&3 >/dev/null; kill -TERM $p 2>/dev/null ) & w=$!; exec 3<&-
            wait $p; rc=$?; kill $w 2>/dev/null; exit $rc
            """;

    private final NatsSettings settings;
    private final ServerFiles files;
    private final CompletableFuture<Address> address = new CompletableFuture<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Deque<Long> crashes = new ArrayDeque<>();
    private final Thread supervisor = new Thread(this::supervise, "helix-nats-server");
    private final Thread shutdownHook = new Thread(this::stop, "helix-nats-stop");
    private ServerFiles.Ports ports = ServerFiles.Ports.FREE;
    private volatile @Nullable Process process;
    private volatile @Nullable String problem;

    NatsServerProcess(NatsSettings settings) {
        this.settings = settings;
        this.files = new ServerFiles(settings.directory());
        supervisor.setDaemon(true);
    }

    void start() {
        Runtime.getRuntime().addShutdownHook(shutdownHook);
        supervisor.start();
    }

    /** Completes when the server is ready for the first time; fails when it cannot be started. */
    CompletableFuture<Address> address() {
        return address;
    }

    /** Why there is no server any more; empty while it runs or is being started again. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    Optional<Long> processId() {
        return files.processId();
    }

    private void supervise() {
        try {
            files.create();
            NatsBinary binary = NatsBinary.find(settings);
            try (OwnerLock lock = OwnerLock.acquire(settings.directory(), PREDECESSOR, closing)) {
                keepRunning(binary);
            }
        } catch (IOException e) {
            giveUp("cannot use " + settings.directory() + ": " + e);
        } catch (HelixException e) {
            giveUp(e.message());
        } catch (InterruptedException e) {
            giveUp("interrupted");
        } finally {
            address.completeExceptionally(HelixException.unavailable("the embedded nats-server has been stopped"));
        }
    }

    private void giveUp(String why) {
        problem = why;
        if (isOpen()) {
            LOG.error("no embedded NATS server: {}", why);
        }
        address.completeExceptionally(new HelixException(ErrorKind.UNAVAILABLE, why));
    }

    private void keepRunning(NatsBinary binary) throws IOException, InterruptedException {
        String token = files.token();
        while (isOpen()) {
            endStaleServer();
            run(binary, token);
            if (isOpen()) {
                closing.await(backoff().toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private void run(NatsBinary binary, String token) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Process child = launch(binary, token);
        process = child;
        try {
            if (awaitReady(child)) {
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
                LOG.info("nats-server {} ready on port {} after {} ms", binary.version(), ports.client(), millis);
                address.complete(new Address("nats://127.0.0.1:" + ports.client(), token));
                child.waitFor();
            }
        } finally {
            end(child);
            process = null;
        }
        if (isOpen()) {
            LOG.warn("nats-server ended with {}; starting it again ({})", child.exitValue(), files.lastOutput());
        }
    }

    private Process launch(NatsBinary binary, String token) throws IOException {
        files.forgetProcess();
        files.writeConfiguration(binary, ports);
        ProcessBuilder builder = new ProcessBuilder(
                        "sh",
                        "-c",
                        WATCHDOG,
                        binary.path().toString(),
                        files.configuration().toString())
                .redirectErrorStream(true)
                .redirectOutput(files.output().toFile());
        builder.environment().keySet().retainAll(Set.of("PATH", "HOME", "LANG", "TZ"));
        // The quotes belong to the value: without them nats-server would read a token like 12e3 as a number.
        builder.environment().put(ServerFiles.TOKEN_VARIABLE, "\"" + token + "\"");
        return builder.start();
    }

    /** False when it ended instead, or is told to. */
    private boolean awaitReady(Process child) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + READY.toNanos();
        while (isOpen() && !child.waitFor(25, TimeUnit.MILLISECONDS)) {
            Optional<ServerFiles.Ports> chosen = files.chosenPorts();
            if (chosen.isPresent() && healthy(chosen.get().monitoring())) {
                ports = chosen.get();
                return true;
            }
            if (System.nanoTime() > deadline) {
                LOG.warn("nats-server is not ready after {} s", READY.toSeconds());
                return false;
            }
        }
        return false;
    }

    private static boolean healthy(int port) {
        try {
            var connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port + "/healthz").toURL().openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(1000);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }

    private Duration backoff() {
        long now = System.nanoTime();
        crashes.addLast(now);
        crashes.removeIf(crash -> now - crash > TimeUnit.MINUTES.toNanos(1));
        if (crashes.size() > MOST_CRASHES_A_MINUTE) {
            throw HelixException.unavailable("nats-server ended " + crashes.size()
                    + " times within a minute; Helix stopped trying. Its last words: " + files.lastOutput());
        }
        return Duration.ofMillis(Math.min(5000, 100L << (crashes.size() - 1)));
    }

    /** One whose watchdog was killed with us may have survived; process ids are reused, so look before shooting. */
    private void endStaleServer() throws InterruptedException {
        Optional<ProcessHandle> stale = server();
        if (stale.isPresent()) {
            LOG.warn(
                    "ending a nats-server with process id {} left over in {}",
                    stale.get().pid(),
                    settings.directory());
            stale.get().destroy();
            if (!ended(stale.get(), Duration.ofSeconds(5))) {
                stale.get().destroyForcibly();
                ended(stale.get(), Duration.ofSeconds(5));
            }
        }
    }

    private Optional<ProcessHandle> server() {
        return files.processId()
                .flatMap(ProcessHandle::of)
                .filter(handle -> handle.info()
                        .command()
                        .filter(command -> command.contains("nats-server"))
                        .isPresent());
    }

    private static boolean ended(ProcessHandle handle, Duration longest) throws InterruptedException {
        try {
            handle.onExit().get(longest.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (java.util.concurrent.TimeoutException | java.util.concurrent.ExecutionException e) {
            return false;
        }
    }

    /** Closing the pipe makes the watchdog send TERM; KILL is for a server that does not obey. */
    private void end(Process child) throws InterruptedException {
        try {
            child.getOutputStream().close();
        } catch (IOException e) {
            LOG.debug("pipe to the watchdog: {}", e.getMessage());
        }
        if (!child.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("nats-server did not stop within {} s; killing it", STOP.toSeconds());
            server().ifPresent(ProcessHandle::destroyForcibly);
            child.destroyForcibly().waitFor();
        }
    }

    private boolean isOpen() {
        return closing.getCount() > 0;
    }

    private void stop() {
        closing.countDown();
        Process child = process;
        try {
            if (child != null) {
                end(child);
            }
            supervisor.join(STOP.plusSeconds(2).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            LOG.debug("the process is ending anyway");
        }
    }
}
