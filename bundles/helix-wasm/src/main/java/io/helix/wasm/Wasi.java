package io.helix.wasm;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The part of WASI that needs no outside: what is written to the standard streams goes to the log, and there are a clock
 * and random numbers. No files, arguments or environment.
 */
final class Wasi {
    private static final int SUCCESS = 0;
    private static final int BAD_FILE = 8;
    private static final int INVALID = 28;
    private static final int NOT_THERE = 52;
    private static final int NO_SEEK = 70;

    private static final int STDERR = 2;
    private static final int CHARACTER_DEVICE = 2;
    private static final int MAX_VECTORS = 1024;
    private static final int MAX_LINE = 4096;

    private final Transfer transfer;
    private final GuestLog log;
    private final InstantSource clock;
    /** By stream; empty until something is printed, which most calls never do. */
    private ByteArrayOutputStream[] lines = {};

    Wasi(Transfer transfer, GuestLog log, InstantSource clock) {
        this.transfer = transfer;
        this.log = log;
        this.clock = clock;
    }

    /** @return the error number of WASI; 0 for none */
    int call(WasiFunction function, long[] a, GuestMemory memory) {
        return switch (function) {
            case ARGS_GET, ENVIRON_GET, SCHED_YIELD -> SUCCESS;
            case ARGS_SIZES_GET, ENVIRON_SIZES_GET -> writeNothing(a, memory);
            case CLOCK_RES_GET -> writeLong(Duration.ofMillis(1).toNanos(), (int) a[1], memory);
            case CLOCK_TIME_GET -> writeLong(nanos(), (int) a[2], memory);
            case RANDOM_GET -> random(a, memory);
            case FD_WRITE -> write(a, memory);
            case FD_READ -> a[0] == 0 ? writeInt(0, (int) a[3], memory) : BAD_FILE;
            case FD_FDSTAT_GET -> isStandard(a[0]) ? describe((int) a[1], memory) : BAD_FILE;
            case FD_CLOSE, FD_FDSTAT_SET_FLAGS, FD_SYNC, FD_DATASYNC -> isStandard(a[0]) ? SUCCESS : BAD_FILE;
            case FD_SEEK, FD_TELL -> isStandard(a[0]) ? NO_SEEK : BAD_FILE;
            case PROC_EXIT -> throw new GuestTrap("called proc_exit(" + a[0] + ")");
            case FD_ADVISE,
                    FD_ALLOCATE,
                    FD_FDSTAT_SET_RIGHTS,
                    FD_FILESTAT_GET,
                    FD_FILESTAT_SET_SIZE,
                    FD_FILESTAT_SET_TIMES,
                    FD_PREAD,
                    FD_PRESTAT_GET,
                    FD_PRESTAT_DIR_NAME,
                    FD_PWRITE,
                    FD_READDIR,
                    FD_RENUMBER,
                    PATH_CREATE_DIRECTORY,
                    PATH_FILESTAT_GET,
                    PATH_FILESTAT_SET_TIMES,
                    PATH_LINK,
                    PATH_OPEN,
                    PATH_READLINK,
                    PATH_REMOVE_DIRECTORY,
                    PATH_RENAME,
                    PATH_SYMLINK,
                    PATH_UNLINK_FILE -> BAD_FILE; // there is no folder that a path could start from
            case POLL_ONEOFF, PROC_RAISE, SOCK_ACCEPT, SOCK_RECV, SOCK_SEND, SOCK_SHUTDOWN -> NOT_THERE;
        };
    }

    /** Logs what was written without an end of line. */
    void flush() {
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].size() > 0) {
                logLine(i);
            }
        }
    }

    private static boolean isStandard(long file) {
        return file >= 0 && file <= STDERR;
    }

    private long nanos() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    private int writeNothing(long[] a, GuestMemory memory) {
        writeInt(0, (int) a[0], memory);
        return writeInt(0, (int) a[1], memory);
    }

    private int random(long[] a, GuestMemory memory) {
        if (Integer.compareUnsigned((int) a[1], HostCalls.MAX_RANDOM) > 0) {
            return INVALID;
        }
        byte[] random = HostCalls.random((int) a[1]);
        transfer.give(random, (int) a[0], random.length, memory);
        return SUCCESS;
    }

    private int describe(int pointer, GuestMemory memory) {
        byte[] status = new byte[24];
        status[0] = CHARACTER_DEVICE;
        transfer.give(status, pointer, status.length, memory);
        return SUCCESS;
    }

    private int write(long[] a, GuestMemory memory) {
        if (!isStandard(a[0]) || a[0] == 0) {
            return BAD_FILE;
        }
        if (a[2] < 0 || a[2] > MAX_VECTORS) {
            return INVALID;
        }
        ByteBuffer vectors = ByteBuffer.wrap(transfer.take((int) a[1], (int) a[2] * 8, memory))
                .order(ByteOrder.LITTLE_ENDIAN);
        int written = 0;
        while (vectors.hasRemaining()) {
            byte[] part = transfer.take(vectors.getInt(), vectors.getInt(), memory);
            print((int) a[0] - 1, part);
            written += part.length;
        }
        return writeInt(written, (int) a[3], memory);
    }

    private void print(int stream, byte[] part) {
        if (lines.length == 0) {
            lines = new ByteArrayOutputStream[] {new ByteArrayOutputStream(), new ByteArrayOutputStream()};
        }
        for (byte b : part) {
            if (log.isFull()) {
                log.drop();
                return; // or millions of empty lines would keep us busy beyond the deadline
            }
            if (b == '\n') {
                logLine(stream);
            } else if (lines[stream].size() < MAX_LINE) {
                lines[stream].write(b);
            }
        }
    }

    private void logLine(int stream) {
        log.print(stream == 0 ? System.Logger.Level.INFO : System.Logger.Level.WARNING, lines[stream].toByteArray());
        lines[stream].reset();
    }

    private int writeLong(long value, int pointer, GuestMemory memory) {
        byte[] bytes = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        transfer.give(bytes, pointer, bytes.length, memory);
        return SUCCESS;
    }

    private int writeInt(int value, int pointer, GuestMemory memory) {
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
        transfer.give(bytes, pointer, bytes.length, memory);
        return SUCCESS;
    }
}
