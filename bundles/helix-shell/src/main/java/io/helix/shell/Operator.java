package io.helix.shell;

import java.security.Principal;
import javax.security.auth.Subject;
import org.apache.karaf.shell.api.console.Session;
import org.jspecify.annotations.Nullable;

/** The name of the person at the shell, for the record of who did what. */
final class Operator {
    private Operator() {}

    static String name(@Nullable Session session) {
        String subject = name(Subject.current());
        if (subject != null) {
            return subject;
        }
        Object user = session == null ? null : session.get("USER");
        return user instanceof String text && !text.isBlank() ? text : "local";
    }

    /** By the simple name, so that this bundle need not know Karaf's login modules. */
    private static @Nullable String name(@Nullable Subject subject) {
        if (subject != null) {
            for (Principal principal : subject.getPrincipals()) {
                if (principal.getClass().getSimpleName().equals("UserPrincipal")) {
                    return principal.getName();
                }
            }
        }
        return null;
    }
}
