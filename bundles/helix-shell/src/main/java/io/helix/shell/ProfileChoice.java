package io.helix.shell;

import org.apache.karaf.shell.api.console.Session;
import org.jspecify.annotations.Nullable;

/** Which profile a command means: its option, the session's variable, the environment's, {@code default}. */
final class ProfileChoice {
    private static final String VARIABLE = "HELIX_PROFILE";

    private ProfileChoice() {}

    static String of(@Nullable String option, @Nullable Session session) {
        if (option != null && !option.isBlank()) {
            return option;
        }
        Object variable = session == null ? null : session.get(VARIABLE);
        if (variable instanceof String text && !text.isBlank()) {
            return text;
        }
        String environment = System.getenv(VARIABLE);
        return environment == null || environment.isBlank() ? "default" : environment;
    }
}
