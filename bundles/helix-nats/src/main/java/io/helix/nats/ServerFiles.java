package io.helix.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of our own server: configuration, token, process id, the ports it has chosen. */
final class ServerFiles {
    /** Where the server listens; -1 means "choose a free port". */
    record Ports(int client, int monitoring) {
        static final Ports FREE = new Ports(-1, -1);
    }

    static final String TOKEN_VARIABLE = "HELIX_NATS_TOKEN";
    private static final Pattern CLIENT = Pattern.compile("nats://127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern MONITORING = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)");

    private final Path directory;

    ServerFiles(Path directory) {
        this.directory = directory.toAbsolutePath();
    }

    void create() throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, permissions("rwx------"));
        }
        Files.createDirectories(ports());
    }

    /** The token clients must show; the same at every start. */
    String token() throws IOException {
        Path file = directory.resolve("token");
        if (!Files.exists(file)) {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            Files.createFile(file, permissions("rw-------"));
            Files.writeString(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
        }
        return Files.readString(file).strip();
    }

    void writeConfiguration(NatsBinary binary, Ports ports) throws IOException {
        // Streams reserve their bounds from max_file_store, so it must exceed those of all profiles together.
        String text = """
                server_name: helix-embedded
                listen: "127.0.0.1:%d"
                http: "127.0.0.1:%d"
                ports_file_dir: "%s"
                pid_file: "%s"
                log_file: "%s"
                logfile_size_limit: 10MB
                max_payload: %d
                authorization { token: $%s }
                jetstream {
                  store_dir: "%s"
                  max_file_store: %d
                  max_memory_store: 128MB
                %s}
                """.formatted(
                        ports.client(),
                        ports.monitoring(),
                        ports(),
                        pid(),
                        directory.resolve("nats.log"),
                        NatsStreams.MAX_MESSAGE_BYTES,
                        TOKEN_VARIABLE,
                        directory.resolve("streams"),
                        1L << 50,
                        binary.knowsSyncInterval() ? "  sync_interval: 1s\n" : "");
        Files.writeString(configuration(), text);
    }

    Path configuration() {
        return directory.resolve("nats.conf");
    }

    /** What the server and its watchdog print; normally empty. */
    Path output() {
        return directory.resolve("nats.out");
    }

    String lastOutput() {
        try {
            List<String> lines = Files.readAllLines(output(), UTF_8);
            return lines.isEmpty() ? "see " + directory.resolve("nats.log") : lines.getLast();
        } catch (IOException e) {
            return "see " + directory.resolve("nats.log");
        }
    }

    /** Of the server that wrote its id last; it may be long dead. */
    Optional<Long> processId() {
        try {
            return Optional.of(Long.parseLong(Files.readString(pid()).strip()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    void forgetProcess() throws IOException {
        Files.deleteIfExists(pid());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(ports(), "*.ports")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Empty until the server has written them. */
    Optional<Ports> chosenPorts() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(ports(), "*.ports")) {
            for (Path file : files) {
                String text = Files.readString(file);
                Matcher client = CLIENT.matcher(text);
                Matcher monitoring = MONITORING.matcher(text);
                if (client.find() && monitoring.find()) {
                    return Optional.of(
                            new Ports(Integer.parseInt(client.group(1)), Integer.parseInt(monitoring.group(1))));
                }
            }
        }
        return Optional.empty();
    }

    private Path ports() {
        return directory.resolve("ports");
    }

    private Path pid() {
        return directory.resolve("nats.pid");
    }

    private static FileAttribute<Set<PosixFilePermission>> permissions(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }
}
