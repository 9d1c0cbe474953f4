package io.helix.bench;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The command line.
 *
 * @param soak the long comparison of answers instead of the figures
 * @param json where to write the figures; null when they are only printed
 */
record Arguments(String name, boolean soak, @Nullable Path json) {
    /** Empty when the command line is not understood. */
    static Optional<Arguments> parse(String... args) {
        String name = null;
        boolean soak = false;
        Path json = null;
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--soak")) {
                soak = true;
            } else if (args[i].equals("--json") && i + 1 < args.length) {
                i++;
                json = Path.of(args[i]);
            } else if (name == null && !args[i].startsWith("-")) {
                name = args[i];
            } else {
                return Optional.empty();
            }
        }
        return name == null ? Optional.empty() : Optional.of(new Arguments(name, soak, json));
    }
}
