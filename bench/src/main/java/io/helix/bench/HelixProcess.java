package io.helix.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server of the built distribution, in a temporary folder and on a free port. */
final class HelixProcess implements AutoCloseable {
    private static final int COMMAND_SECONDS = 180;

    private final ScratchFolder folder;
    private final int port;

    private HelixProcess(ScratchFolder folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** Starts a server and returns when it is ready. */
    static HelixProcess start() throws IOException, InterruptedException {
        Path archive = archive();
        HelixProcess helix = new HelixProcess(ScratchFolder.create(), freePort());
        try {
            Files.createDirectories(helix.distribution());
            helix.run(
                    "tar",
                    "-xzf",
                    archive.toString(),
                    "-C",
                    helix.distribution().toString(),
                    "--strip-components=1");
            helix.helix("up", "--http-port", Integer.toString(helix.port));
            return helix;
        } catch (IOException | InterruptedException | RuntimeException e) {
            try (helix) {
                throw e;
            }
        }
    }

    private static Path archive() throws IOException {
        Path folder = checkout().resolve("karaf-assembly/target");
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                List<Path> archives = files.filter(
                                file -> file.getFileName().toString().matches("helix-\\d.*\\.tar\\.gz"))
                        .toList();
                if (!archives.isEmpty()) {
                    return newest(archives);
                }
            }
        }
        throw new IllegalStateException("there is no distribution to measure: run ./helix build first");
    }

    private static Path newest(List<Path> files) throws IOException {
        Path newest = files.getFirst();
        for (Path file : files) {
            if (Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(newest)) > 0) {
                newest = file;
            }
        }
        return newest;
    }

    /** Our classes are in bench/target, in a jar or a folder. */
    private static Path checkout() {
        try {
            Path classes = Path.of(HelixProcess.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return classes.resolve("../../..").normalize();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    HelixApi api() throws IOException {
        String key = Files.readString(home().resolve("secrets/api-key")).strip();
        return new HelixApi(URI.create("http://127.0.0.1:" + port + "/api/v1/"), key);
    }

    private Path distribution() {
        return folder.path().resolve("distribution");
    }

    Path home() {
        return folder.path().resolve("home");
    }

    private void helix(String command, String... options) throws IOException, InterruptedException {
        String script = distribution().resolve("bin/helix").toString();
        String[] line = Stream.concat(
                        Stream.of("bash", script, command, "--home", home().toString()), Stream.of(options))
                .toArray(String[]::new);
        run(line);
    }

    private void run(String... line) throws IOException, InterruptedException {
        Path output = folder.path().resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(String.join(" ", line) + " still runs after " + COMMAND_SECONDS + " s");
            }
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IllegalStateException(String.join(" ", line) + " failed: " + Files.readString(output));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        try (folder) {
            if (Files.exists(home().resolve("helix.pid"))) {
                helix("down");
            }
        }
    }
}
