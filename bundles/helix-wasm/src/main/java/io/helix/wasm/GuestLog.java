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

    GuestLog(Supplier<System.Logger> log, int maxLines) {
        this.log = log;
        this.maxLines = maxLines;
    }

    int write(int level, byte[] message) throws HostRefusal {
        Level known = level(level);
        if (!print(known, message)) {
            throw new HostRefusal(Code.LIMIT, "at most " + maxLines + " log lines in one call");
        }
        return 0;
    }

    /** False when there have been too many lines; the message is dropped then. */
    boolean print(Level level, byte[] message) {
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
