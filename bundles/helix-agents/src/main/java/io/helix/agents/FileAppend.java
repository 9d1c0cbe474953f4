package io.helix.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.helix.api.agent.Action;
import io.helix.api.agent.ActionAgent;
import io.helix.api.agent.ActionContext;
import io.helix.api.agent.AgentException;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Appends one line to a file below the folder that the operator allows. A line is written whole or not at all. A file
 * does not know idempotency keys: after a crash between writing and recording, the line is there twice.
 */
@ActionAgent(type = "file.append", description = "Appends a line to a file.")
public final class FileAppend implements Action<FileAppendConfig> {
    // By file and for all agents, as two of them may write to the same file.
    private static final ReentrantLock[] LOCKS =
            IntStream.range(0, 64).mapToObj(it -> new ReentrantLock()).toArray(ReentrantLock[]::new);

    private final Supplier<@Nullable Path> root;

    public FileAppend() {
        this(FileAppend::configuredRoot);
    }

    FileAppend(Supplier<@Nullable Path> root) {
        this.root = root;
    }

    static @Nullable Path configuredRoot() {
        String explicit = System.getProperty("helix.file.root");
        String home = System.getProperty("helix.home");
        if (explicit != null && !explicit.isBlank()) {
            return Path.of(explicit);
        }
        return home == null || home.isBlank() ? null : Path.of(home, "files");
    }

    @Override
    public JsonNode perform(Event event, ActionContext<FileAppendConfig> context) throws AgentException {
        Path folder = root.get();
        if (folder == null) {
            throw AgentException.permanent("no folder for files: set the system property helix.file.root");
        }
        FileAppendConfig config = context.config();
        byte[] line = line(event, config);
        if (line.length > config.maxBytes()) {
            throw AgentException.permanent(
                    "a line of " + line.length + " bytes does not fit into maxBytes " + config.maxBytes());
        }
        try {
            append(new FileJail(folder).resolve(config.path()), line, config);
        } catch (IOException e) {
            throw AgentException.retryable(
                    "cannot append to '" + config.path() + "': " + e.getClass().getSimpleName(), e);
        }
        return JsonNodeFactory.instance.objectNode().put("path", config.path()).put("bytes", line.length);
    }

    private static byte[] line(Event event, FileAppendConfig config) {
        String text = config.text() == null
                ? new String(EventFormat.write(event), StandardCharsets.UTF_8)
                : OneLine.of(config.text());
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void append(Path file, byte[] line, FileAppendConfig config) throws IOException, AgentException {
        ReentrantLock lock = LOCKS[Math.floorMod(file.hashCode(), LOCKS.length)];
        lock.lock();
        try {
            makeRoom(file, line.length, config);
            write(file, line, config.fsync());
        } finally {
            lock.unlock();
        }
    }

    private static void makeRoom(Path file, int needed, FileAppendConfig config) throws IOException, AgentException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) + needed <= config.maxBytes()) {
            return;
        }
        switch (config.whenFull()) {
            case FAIL ->
                throw AgentException.permanent("'" + config.path() + "' has reached maxBytes " + config.maxBytes());
            case ROTATE -> rotate(file, config.keep());
        }
    }

    private static void rotate(Path file, int keep) throws IOException {
        for (int i = keep; i > 1; i--) {
            Path older = rotated(file, i - 1);
            if (Files.exists(older, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(older, rotated(file, i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(file, rotated(file, 1), StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path rotated(Path file, int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    private static void write(Path file, byte[] line, boolean fsync) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            long before = channel.size();
            int written = channel.write(ByteBuffer.wrap(line), before);
            if (written != line.length) {
                // A full disk can take a part of it; half a line would spoil the next one as well.
                channel.truncate(before);
                throw new IOException("the disk took " + written + " of " + line.length + " bytes");
            }
            if (fsync) {
                channel.force(true);
            }
        }
    }
}
