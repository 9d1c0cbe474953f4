package io.helix.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A bare nats-server with JetStream, for peers. */
final class NatsProcess implements AutoCloseable {
    private static final int READY_SECONDS = 20;
    private static final Pattern URL = Pattern.compile("nats://127\\.0\\.0\\.1:\\d+");

    private final ScratchFolder folder;
    private final Process process;
    private final String url;

    private NatsProcess(ScratchFolder folder, Process process, String url) {
        this.folder = folder;
        this.process = process;
        this.url = url;
    }

    static NatsProcess start() throws IOException, InterruptedException {
        Path binary = binary();
        ScratchFolder folder = ScratchFolder.create();
        Process process = null;
        try {
            process = launch(binary, folder.path());
            return new NatsProcess(folder, process, awaitUrl(process, folder.path()));
        } catch (IOException | InterruptedException | RuntimeException e) {
            try (folder) {
                if (process != null) {
                    process.destroyForcibly().waitFor();
                }
                throw e;
            }
        }
    }

    String url() {
        return url;
    }

    private static Path binary() {
        List<String> candidates = new ArrayList<>();
        Optional.ofNullable(System.getenv("NATS_SERVER"))
                .filter(name -> !name.isEmpty())
                .ifPresent(candidates::add);
        for (String directory :
                Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator)) {
            candidates.add(directory + "/nats-server");
        }
        for (String directory : List.of("/usr/sbin", "/usr/local/sbin", "/usr/local/bin")) {
            candidates.add(directory + "/nats-server");
        }
        return candidates.stream()
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no nats-server in NATS_SERVER, PATH or /usr/sbin: install it, the peer needs one"));
    }

    private static Process launch(Path binary, Path folder) throws IOException {
        Path configuration = folder.resolve("nats.conf");
        Files.writeString(configuration, """
                listen: "127.0.0.1:-1"
                ports_file_dir: "%s"
                max_payload: 2097152
                jetstream { store_dir: "%s" }
                """.formatted(folder, folder.resolve("streams")));
        return new ProcessBuilder(binary.toString(), "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nats.log").toFile())
                .start();
    }

    private static String awaitUrl(Process process, Path folder) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (System.nanoTime() < deadline && !process.waitFor(50, TimeUnit.MILLISECONDS)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.ports")) {
                for (Path file : files) {
                    Matcher matcher = URL.matcher(Files.readString(file));
                    if (matcher.find()) {
                        return matcher.group();
                    }
                }
            }
        }
        throw new IllegalStateException("nats-server did not start: " + Files.readString(folder.resolve("nats.log")));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        try (folder) {
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }
}
