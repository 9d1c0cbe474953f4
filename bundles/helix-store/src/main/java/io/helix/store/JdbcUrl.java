package io.helix.store;

import io.helix.api.HelixException;
import java.util.List;
import java.util.Locale;

/** A JDBC URL with the options that Helix relies on; what the operator wrote comes first. */
record JdbcUrl(String text, String driver) {
    /**
     * The first three make H2 behave like PostgreSQL. A commit is on disk when it returns (WRITE_DELAY), and the store
     * closes the database, not H2's own shutdown hook, which may come too early.
     */
    private static final List<String> H2 = List.of(
            "MODE=PostgreSQL",
            "DATABASE_TO_LOWER=TRUE",
            "DEFAULT_NULL_ORDERING=HIGH",
            "WRITE_DELAY=0",
            "DB_CLOSE_ON_EXIT=FALSE",
            "LOCK_TIMEOUT=10000");
    /** Without them a lost connection is noticed after hours. */
    private static final List<String> POSTGRESQL =
            List.of("connectTimeout=5", "socketTimeout=60", "tcpKeepAlive=true", "ApplicationName=helix");

    static JdbcUrl of(String url) {
        if (url.startsWith("jdbc:h2:")) {
            return new JdbcUrl(with(url, H2, ";", ";"), "org.h2.Driver");
        }
        if (url.startsWith("jdbc:postgresql:")) {
            return new JdbcUrl(with(url, POSTGRESQL, "?", "&"), "org.postgresql.Driver");
        }
        throw HelixException.invalid(
                "io.helix.store: url must begin with jdbc:h2: or jdbc:postgresql:; correct etc/io.helix.store.cfg");
    }

    static JdbcUrl file(String home) {
        return of("jdbc:h2:file:" + home + "/db/helix");
    }

    private static String with(String url, List<String> options, String first, String next) {
        StringBuilder complete = new StringBuilder(url);
        for (String option : options) {
            String name = option.substring(0, option.indexOf('=') + 1).toLowerCase(Locale.ROOT);
            if (!url.toLowerCase(Locale.ROOT).contains(name)) {
                complete.append(complete.indexOf(first) < 0 ? first : next).append(option);
            }
        }
        return complete.toString();
    }
}
