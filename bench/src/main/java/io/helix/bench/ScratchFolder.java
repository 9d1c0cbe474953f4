package io.helix.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A temporary folder that is gone when it is closed. */
record ScratchFolder(Path path) implements AutoCloseable {
    private static final int TRIES = 5;

    static ScratchFolder create() throws IOException {
        return new ScratchFolder(Files.createTempDirectory("helix-bench-"));
    }

    /** A process that is ending may still write a file while its folder is deleted. */
    @Override
    public void close() throws IOException {
        for (int i = 1; Files.exists(path); i++) {
            try {
                delete();
            } catch (IOException e) {
                if (i == TRIES) {
                    throw e;
                }
            }
        }
    }

    private void delete() throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(path)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        } catch (java.io.UncheckedIOException e) {
            throw new IOException(e);
        }
        for (Path file : deepestFirst) {
            try {
                Files.delete(file);
            } catch (NoSuchFileException e) {
                continue; // which is what was wanted
            }
        }
    }
}
