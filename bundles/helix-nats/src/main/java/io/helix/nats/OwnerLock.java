package io.helix.nats;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** At most one owner of a directory of streams: two servers would open it without complaint and destroy it. */
final class OwnerLock implements AutoCloseable {
    private final FileChannel channel;

    private OwnerLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Waits for a predecessor in this process, whose server may still be stopping. */
    static OwnerLock acquire(Path directory, Duration longest, CountDownLatch cancelled)
            throws IOException, InterruptedException {
        FileChannel channel =
                FileChannel.open(directory.resolve("owner.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        long deadline = System.nanoTime() + longest.toNanos();
        while (tryLock(channel) == null) {
            if (System.nanoTime() > deadline || cancelled.await(100, TimeUnit.MILLISECONDS)) {
                channel.close();
                throw new HelixException(
                        ErrorKind.CONFLICT,
                        "another Helix is using " + directory + ": stop it, or set another 'dir' in"
                                + " etc/io.helix.nats.cfg");
            }
        }
        return new OwnerLock(channel);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
