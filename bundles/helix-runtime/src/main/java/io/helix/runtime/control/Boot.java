package io.helix.runtime.control;

import io.helix.api.ErrorKind;
import io.helix.api.Health;
import io.helix.api.HealthCheck;
import io.helix.api.HelixException;
import io.helix.api.document.Change;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import io.helix.api.store.Store;
import io.helix.runtime.access.ApiKeyAuthentication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The start of Helix, on a thread of its own: waits for store and mesh, makes the first profile and the first API key, and
 * brings all documents to life. Until it is done Helix answers that it is starting.
 */
final class Boot implements HealthCheck, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Boot.class);
    private static final Duration RETRY = Duration.ofMillis(500);

    private final Store store;
    private final DocumentControl documents;
    private final ApiKeyAuthentication keys;
    private final Optional<Path> home;
    private final InstantSource clock;
    private final List<String> broken = new CopyOnWriteArrayList<>();
    private volatile Health health = new Health("runtime", Health.State.STARTING, "waiting for store and mesh");
    private volatile boolean ready;
    private @Nullable Thread thread;

    Boot(Store store, DocumentControl documents, ApiKeyAuthentication keys, Optional<Path> home, InstantSource clock) {
        this.store = store;
        this.documents = documents;
        this.keys = keys;
        this.home = home;
        this.clock = clock;
    }

    synchronized void start() {
        thread = Thread.ofVirtual().name("helix-boot").start(this::run);
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                load();
                return;
            } catch (HelixException e) {
                if (!e.kind().retryable()) {
                    health = new Health("runtime", Health.State.DOWN, "cannot start: " + e.message());
                    log.error("Helix cannot start: {}", e.message(), e.getCause());
                    return;
                }
                health = new Health("runtime", Health.State.STARTING, e.message());
            } catch (RuntimeException e) {
                health = new Health("runtime", Health.State.DOWN, "cannot start: " + e);
                log.error("Helix cannot start", e);
                return;
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY); // what Helix waits for gives no sign when it is there
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void load() {
        if (store.documents().all(Kind.PROFILE).isEmpty()) {
            makeFirstProfile();
        }
        makeFirstKey();
        broken.clear();
        documents.loadAll((key, reason) -> {
            broken.add(key.toString());
            log.warn("document is left out profile={} document={} reason={}", key.profile(), key, reason);
        });
        ready = true;
        health = broken.isEmpty()
                ? new Health("runtime", Health.State.UP, "ready")
                : new Health("runtime", Health.State.DEGRADED, "left out: " + String.join(", ", broken));
        log.info("Helix is ready");
    }

    private void makeFirstProfile() {
        DocumentKey key = new DocumentKey("default", Kind.PROFILE, "default");
        List<Change> changes = documents.firstProfile(key);
        store.documents().apply(changes, "helix", clock.instant());
    }

    /** The key of the operator: for all profiles, in a file that only the owner of the process can read. */
    private void makeFirstKey() {
        if (home.isEmpty() || !store.apiKeys().all().isEmpty()) {
            return;
        }
        Path file = home.get().resolve("secrets").resolve("api-key");
        String presentable = keys.create("*", "operator", Set.of("admin"), Set.of("read", "write", "admin"), null)
                .presentable();
        try {
            Files.createDirectories(file.getParent());
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, presentable + "\n", StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new HelixException(ErrorKind.INTERNAL, "the first API key cannot be written to " + file, e);
        }
        log.info("made the operator's API key file={}", file);
    }

    boolean ready() {
        return ready;
    }

    void requireReady() {
        if (!ready) {
            throw HelixException.unavailable("Helix is starting: " + health.detail());
        }
    }

    @Override
    public Health health() {
        return health;
    }

    @Override
    public synchronized void close() {
        ready = false;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
