package io.helix.runtime.agent;

import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of one agent, as a part of the log of Helix. */
final class AgentLog implements System.Logger {
    private static final int MAX_MESSAGE = 4096;
    private static final Logger log = LoggerFactory.getLogger("io.helix.agent");

    private final String prefix;

    AgentLog(String profile, String agent) {
        this.prefix = profile + "/" + agent + ": ";
    }

    @Override
    public String getName() {
        return "io.helix.agent";
    }

    @Override
    public boolean isLoggable(Level level) {
        return switch (level) {
            case ALL, TRACE -> log.isTraceEnabled();
            case DEBUG -> log.isDebugEnabled();
            case INFO -> log.isInfoEnabled();
            case WARNING -> log.isWarnEnabled();
            case ERROR -> log.isErrorEnabled();
            case OFF -> false;
        };
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
        write(level, String.valueOf(message), thrown);
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... parameters) {
        String text = String.valueOf(format);
        write(
                level,
                parameters == null || parameters.length == 0 ? text : MessageFormat.format(text, parameters),
                null);
    }

    private void write(Level level, String message, @Nullable Throwable thrown) {
        String cut = message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) + "..." : message;
        String text = prefix + cut.replaceAll("[\\r\\n]+", " | ") + (thrown == null ? "" : " (" + thrown + ")");
        switch (level) {
            case ALL, TRACE -> log.trace(text);
            case DEBUG -> log.debug(text);
            case INFO -> log.info(text);
            case WARNING -> log.warn(text);
            case ERROR -> log.error(text);
            case OFF -> {}
        }
    }
}
