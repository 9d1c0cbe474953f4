package io.helix.agents;

import io.helix.api.agent.Config;
import org.jspecify.annotations.Nullable;

/** What {@link FileAppend} writes, and where. */
record FileAppendConfig(
        @Config("The file, relative to the folder the operator allows (helix.file.root), with / between folders")
        String path,

        @Config(
                value = "The line to write; line breaks inside become \\n. Without it, the event as one line of JSON",
                optional = true)
        @Nullable
        String text,

        @Config(value = "Whether to wait until the disk has the line", defaultValue = "false")
        boolean fsync,

        @Config(value = "The size the file may reach", defaultValue = "10485760", min = 1024)
        long maxBytes,

        @Config(
                value = "What to do when the file is full: rotate to path.1, path.2, ..., or fail",
                defaultValue = "\"rotate\"")
        WhenFull whenFull,

        @Config(value = "How many rotated files to keep", defaultValue = "5", min = 1, max = 100)
        int keep) {
    enum WhenFull {
        ROTATE,
        FAIL
    }
}
