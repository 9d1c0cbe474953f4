package io.helix.sdk.testing.agent;

import java.text.MessageFormat;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Keeps what an agent logs, as {@code LEVEL message}. */
public final class RecordedLog implements System.Logger {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public String getName() {
        return "agent";
    }

    @Override
    public boolean isLoggable(Level level) {
        return true;
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
        lines.add(level + " " + message + (thrown == null ? "" : ": " + thrown));
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... parameters) {
        boolean plain = format == null || parameters == null || parameters.length == 0;
        lines.add(level + " " + (plain ? format : MessageFormat.format(format, parameters)));
    }
}
