package io.helix.wasm;

import io.helix.wasm.HostRefusal.Code;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;

/** Log lines of one call; bounded, and unable to forge a second line. */
final class GuestLog {
    private static final int MAX_LINES = 100;
    private static final int MAX_LENGTH = 4096;

    private final System.Logger log;
    private int lines;

    GuestLog(System.Logger log) {
        this.log = log;
    }

    int write(int level, byte[] message) throws HostRefusal {
        if (++lines > MAX_LINES) {
            throw new HostRefusal(Code.LIMIT, "at most " + MAX_LINES + " log lines in one call");
        }
        String text = new String(message, 0, Math.min(message.length, MAX_LENGTH), StandardCharsets.UTF_8);
        log.log(level(level), "{0}", text.replaceAll("\\p{Cntrl}", " "));
        return 0;
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
