package io.helix.itests;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Maven on the machine of somebody who has installed the SDK. The local repository is that of the build with the SDK added
 * to it: a folder of links, so that the build's own repository gets nothing of this version that a later build could take
 * for its own.
 */
final class Maven {
    private final Path repository;

    private Maven(Path repository) {
        this.repository = repository;
    }

    static Maven withSdk(Path repository) throws IOException {
        Path real = Path.of(System.getProperty("helix.maven.repository"));
        link(real, repository, "io");
        link(real.resolve("io"), repository.resolve("io"), "helix");
        copy(Path.of(System.getProperty("helix.sdk"), "io", "helix"), repository.resolve("io/helix"));
        return new Maven(repository);
    }

    HelixServer.Result run(Path folder, String goal, Map<String, String> properties) {
        List<String> line = new ArrayList<>(
                List.of(System.getProperty("helix.maven"), "-B", "-ntp", "-Dmaven.repo.local=" + repository));
        if (System.getProperty("helix.maven.mode").equals("offline true")) {
            line.add("-o");
        }
        properties.forEach((key, value) -> line.add("-D" + key + "=" + value));
        line.add(goal);
        return HelixServer.run(folder, Map.of(), "", line);
    }

    /** Links all that is in {@code from} into {@code to}, but one. */
    private static void link(Path from, Path to, String except) throws IOException {
        Files.createDirectories(to);
        if (!Files.isDirectory(from)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(from)) {
            for (Path entry : entries) {
                if (!entry.getFileName().toString().equals(except)) {
                    Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
                }
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> entries = Files.walk(from)) {
            for (Path entry : entries.toList()) {
                Files.copy(entry, to.resolve(from.relativize(entry)));
            }
        }
    }
}
