package io.helix.nats;

import io.helix.api.ErrorKind;
import io.helix.api.Health;
import io.helix.api.HelixException;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.ErrorListener;
import io.nats.client.JetStream;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection to the mesh: made in the background, kept for ever, replaced if the client gives it up. */
final class NatsLink implements AutoCloseable {
    static final Duration REQUEST = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(NatsLink.class);

    /** One connection and what belongs to it. */
    record Line(Connection connection, JetStream jetStream, JetStreamManagement management) {}

    private final NatsSettings settings;
    private final @Nullable NatsServerProcess server;
    private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService io = Executors.newThreadPerTaskExecutor(daemons("helix-nats-io-"));
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemons("helix-nats-timer-"));
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile @Nullable Line line;
    private volatile Health health = health(Health.State.STARTING, "connecting to NATS");

    NatsLink(NatsSettings settings) {
        this.settings = settings;
        this.server = settings.embedded() ? new NatsServerProcess(settings) : null;
    }

    void start() {
        if (server != null) {
            server.start();
        }
        startConnecting();
    }

    /** Runs whenever subscriptions have to be made anew, and when the link is closed. Must not block. */
    void onUsableAgain(Runnable listener) {
        listeners.add(listener);
    }

    void forget(Runnable listener) {
        listeners.remove(listener);
    }

    boolean closed() {
        return closing.getCount() == 0;
    }

    /** The line if the mesh can be reached right now. */
    Optional<Line> line() {
        Line current = line;
        return current != null && current.connection().getStatus() == Connection.Status.CONNECTED
                ? Optional.of(current)
                : Optional.empty();
    }

    /** Whether the first connection was made. */
    boolean started() {
        return line != null;
    }

    Line await(Duration longest) {
        long nanos = longest.toNanos();
        lock.lock();
        try {
            Optional<Line> current = line();
            while (current.isEmpty()) {
                if (nanos <= 0 || closed() || health().state() == Health.State.DOWN) {
                    throw HelixException.unavailable("the event mesh cannot be reached: " + health().detail());
                }
                // Woken by every change of the connection; the bound is for the state of the child, which tells nobody.
                long slice = Math.min(nanos, TimeUnit.MILLISECONDS.toNanos(200));
                nanos -= slice - Math.max(0, changed.awaitNanos(slice));
                current = line();
            }
            return current.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HelixException.unavailable("interrupted while waiting for the event mesh");
        } finally {
            lock.unlock();
        }
    }

    ScheduledThreadPoolExecutor timer() {
        return timer;
    }

    Optional<NatsServerProcess> server() {
        return Optional.ofNullable(server);
    }

    Health health() {
        NatsServerProcess own = server;
        String problem = own == null ? null : own.problem().orElse(null);
        return problem == null ? health : health(Health.State.DOWN, problem);
    }

    private void startConnecting() {
        Thread connector = new Thread(this::connect, "helix-nats-connect");
        connector.setDaemon(true);
        connector.start();
    }

    private void connect() {
        long wait = 250;
        try {
            while (!closed() && !connectOnce()) {
                if (closing.await(wait, TimeUnit.MILLISECONDS)) {
                    return;
                }
                wait = Math.min(5000, wait * 2);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (HelixException e) {
            health = health(Health.State.DOWN, e.message());
        }
    }

    private boolean connectOnce() throws InterruptedException {
        Options options = options();
        try {
            Connection connection = Nats.connect(options);
            JetStreamOptions requests =
                    JetStreamOptions.builder().requestTimeout(REQUEST).build();
            adopt(new Line(connection, connection.jetStream(requests), connection.jetStreamManagement(requests)));
            return true;
        } catch (io.nats.client.AuthenticationException e) {
            health = health(
                    Health.State.DOWN,
                    place() + " refuses the token: set 'token' in etc/io.helix.nats.cfg to its token");
        } catch (IOException e) {
            health = health(
                    Health.State.STARTING,
                    place() + " cannot be reached (" + withoutSecrets(e.getMessage()) + "); trying again");
        }
        LOG.info("{}", health.detail());
        return false;
    }

    private void adopt(Line made) throws InterruptedException {
        line = made;
        if (closed()) {
            made.connection().close();
            return;
        }
        String version = made.connection().getServerInfo().getVersion();
        LOG.info("connected to {} (NATS {})", place(), version);
        up();
        usableAgain();
    }

    private void up() {
        Line current = line;
        String version = current == null
                ? ""
                : ", version " + current.connection().getServerInfo().getVersion();
        health = health(Health.State.UP, "connected to " + place() + version);
        wakeWaiting();
    }

    private void wakeWaiting() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void usableAgain() {
        listeners.forEach(Runnable::run);
    }

    private void event(Connection connection, ConnectionListener.Events event) {
        if (closed()) {
            return;
        }
        switch (event) {
            case DISCONNECTED -> lost();
            case RECONNECTED -> {
                LOG.info("connected again to {}", place());
                up();
            }
            case RESUBSCRIBED -> usableAgain();
            case CLOSED -> replace(connection);
            case CONNECTED, DISCOVERED_SERVERS, LAME_DUCK -> LOG.debug("connection: {}", event);
        }
    }

    private void lost() {
        // A try to connect that failed ends with this event too, and its reason says more.
        if (health.state() != Health.State.UP) {
            return;
        }
        LOG.warn("lost the connection to {}; connecting again", place());
        health = health(Health.State.STARTING, "lost the connection to " + place() + "; connecting again");
    }

    /** The client closes a connection for good when a server refuses it twice while reconnecting. */
    private void replace(Connection connection) {
        Line current = line;
        if (current != null && current.connection().equals(connection)) {
            LOG.warn("the connection to {} was closed: {}", place(), withoutSecrets(connection.getLastError()));
            startConnecting();
        }
    }

    private Options options() throws InterruptedException {
        Options.Builder options = new Options.Builder()
                .connectionName("helix")
                .maxReconnects(-1)
                .reconnectWait(Duration.ofMillis(100))
                .reconnectJitter(Duration.ofMillis(100))
                // Whatever the client buffered while away would be sent late, after we have already sent it again.
                .reconnectBufferSize(0)
                .pingInterval(Duration.ofSeconds(5))
                .connectionTimeout(Duration.ofSeconds(3))
                .requestCleanupInterval(Duration.ofMillis(500))
                .maxMessagesInOutgoingQueue(20_000)
                .executor(io)
                .scheduledExecutor(timer)
                .connectThreadFactory(daemons("helix-nats-connect-"))
                .callbackThreadFactory(daemons("helix-nats-callback-"))
                .connectionListener(this::event)
                .errorListener(new QuietErrors());
        NatsServerProcess own = server;
        if (own == null) {
            options.servers(settings.url().split("\\s*,\\s*"));
            return token(options, settings.token()).build();
        }
        NatsServerProcess.Address address = address(own);
        return token(options.server(address.url()).ignoreDiscoveredServers(), address.token())
                .build();
    }

    private static Options.Builder token(Options.Builder options, String token) {
        return token.isEmpty() ? options : options.token(token.toCharArray());
    }

    private static NatsServerProcess.Address address(NatsServerProcess own) throws InterruptedException {
        try {
            return own.address().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof HelixException known
                    ? known
                    : new HelixException(ErrorKind.INTERNAL, "the embedded nats-server did not start", e);
        }
    }

    /** The configured address without what is secret in it. */
    private String place() {
        return settings.embedded() ? "the embedded NATS server" : withoutSecrets(settings.url());
    }

    /** The client repeats addresses as they were given, with user and password. */
    private static String withoutSecrets(@Nullable String text) {
        return String.valueOf(text).replaceAll("//[^/@,\\s]*@", "//");
    }

    private static Health health(Health.State state, String detail) {
        return new Health("nats", state, detail);
    }

    private static ThreadFactory daemons(String prefix) {
        return Thread.ofPlatform().daemon().name(prefix, 1).factory();
    }

    @Override
    public void close() {
        closing.countDown();
        wakeWaiting();
        usableAgain();
        Line current = line;
        try {
            if (current != null) {
                current.connection().close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (server != null) {
                server.close();
            }
            // Not shutdownNow: publishes waiting for their next attempt still have to fail.
            timer.shutdown();
            io.shutdownNow();
        }
    }

    /** The defaults of the client print stack traces for outages that are expected. */
    private static final class QuietErrors implements ErrorListener {
        @Override
        public void errorOccurred(Connection connection, String error) {
            LOG.warn("NATS: {}", withoutSecrets(error));
        }

        @Override
        public void exceptionOccurred(Connection connection, Exception e) {
            LOG.debug("NATS connection: {}", withoutSecrets(e.toString()));
        }
    }
}
