package io.helix.wasm;

import io.helix.wasm.HostRefusal.Code;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Log lines of one call; bounded, and unable to forge a second line. */
final class GuestLog {
    private static final int MAX_LENGTH = 4096;

    /** Asked for when there is something to log, since most calls have nothing. */
    private final Supplier<System.Logger> log;

    private final int maxLines;
    private int lines;
    private int dropped;

    GuestLog(Supplier<System.Logger> log, int maxLines) {
        this.log = log;
        this.maxLines = maxLines;
    }

    int write(int level, byte[] message) throws HostRefusal {
        Level known = level(level);
        if (!take(known, message)) {
            throw HostRefusal.over(Bound.LOG_LINES, "at most " + maxLines + " log lines in one call");
        }
        return 0;
    }

    /** Drops the line when there have been too many: who prints cannot be told. */
    void print(Level level, byte[] message) {
        if (!take(level, message)) {
            drop();
        }
    }

    /** Counts what was not even looked at. */
    void drop() {
        dropped++;
    }

    /** How often a line or more was dropped. */
    int dropped() {
        return dropped;
    }

    private boolean take(Level level, byte[] message) {
        if (++lines > maxLines) {
            return false;
        }
        String text = new String(message, 0, Math.min(message.length, MAX_LENGTH), StandardCharsets.UTF_8);
        log.get().log(level, "{0}", ShownText.oneLine(text));
        return true;
    }

    boolean isFull() {
        return lines >= maxLines;
    }

    private static Level level(int number) throws HostRefusal {
        return switch (number) {
            case 0 -> Level.TRACE;
            case 1 -> Level.DEBUG;
            case 2 -> Level.INFO;
            case 3 -> Level.WARNING;
            case 4 -> Level.ERROR;
            default -> throw new HostRefusal(Code.INVALID, "log level " + number + " is not 0 to 4");
        };
    }
}
