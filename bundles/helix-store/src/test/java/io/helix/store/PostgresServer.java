package io.helix.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL server of its own, in a temporary folder, on a free port of the loopback interface. PostgreSQL does not run
 * as root; then it runs as {@code postgres} or {@code nobody}.
 */
final class PostgresServer implements AutoCloseable {
    private final Path binaries;
    private final Path folder;
    private final int port;

    private PostgresServer(Path binaries, Path folder, int port) {
        this.binaries = binaries;
        this.folder = folder;
        this.port = port;
    }

    /** The folder with initdb, pg_ctl and postgres, if PostgreSQL is installed. */
    static Optional<Path> binaries() {
        Stream<Path> path = Arrays.stream(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of);
        return Stream.concat(path, packaged())
                .filter(folder -> Stream.of("initdb", "pg_ctl", "postgres")
                        .allMatch(name -> Files.isExecutable(folder.resolve(name))))
                .findFirst();
    }

    private static Stream<Path> packaged() {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(version -> version.resolve("bin")).sorted(Comparator.reverseOrder()).toList().stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    static PostgresServer start(Path binaries) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("helix-pg");
        if (isRoot()) {
            run(List.of("chown", user(), folder.toString()));
        }
        PostgresServer server = new PostgresServer(binaries, folder, freePort());
        server.pg("initdb", "-D", server.data(), "-U", "helix", "-A", "trust", "--no-sync", "-E", "UTF8");
        server.start();
        return server;
    }

    void start() throws IOException, InterruptedException {
        String options = "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=" + folder
                + " -c fsync=off -c max_connections=50";
        pg("pg_ctl", "-D", data(), "-l", folder.resolve("log").toString(), "-o", options, "-w", "-t", "60", "start");
    }

    void stop() throws IOException, InterruptedException {
        pg("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
    }

    DataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(
                JdbcUrl.of("jdbc:postgresql://127.0.0.1:" + port + "/postgres").text());
        source.setUser("helix");
        return source;
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private void pg(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid", user(), "--regid", group(), "--clear-groups", "--"));
        }
        command.add(binaries.resolve(program).toString());
        command.addAll(List.of(arguments));
        run(command);
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("helix-pg", ".out");
        try {
            // To a file: a server that pg_ctl leaves behind would hold a pipe open for ever.
            Process process = new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(90, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException(command + " failed: " + Files.readString(output));
            }
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid") instanceof Integer uid && uid == 0;
    }

    private static String user() throws IOException {
        try (Stream<String> users = Files.lines(Path.of("/etc/passwd"))) {
            return users.anyMatch(line -> line.startsWith("postgres:")) ? "postgres" : "nobody";
        }
    }

    private static String group() throws IOException {
        try (Stream<String> users = Files.lines(Path.of("/etc/passwd"))) {
            String name = user();
            return users.filter(line -> line.startsWith(name + ":"))
                    .map(line -> line.split(":")[3])
                    .findFirst()
                    .orElse("65534");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        try {
            stop();
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
