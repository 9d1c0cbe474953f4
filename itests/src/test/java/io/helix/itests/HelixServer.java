package io.helix.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server of the built distribution, in a temporary home and on free ports.
 *
 * <pre>{@code
 * try (HelixServer helix = HelixServer.start()) {
 *     assertThat(helix.get("/readyz").statusCode()).isEqualTo(200);
 * }
 * }</pre>
 *
 * <p>A test that leaves the server as it found it takes {@link #shared()}, which starts once for all of them.
 */
public final class HelixServer implements AutoCloseable {
    private static final Path DISTRIBUTION = Path.of(System.getProperty("helix.distribution", "target/distribution"));
    private static final int COMMAND_SECONDS = 300;

    static {
        // Less than the server keeps an idle connection, or a request may go out on one that it just closes.
        System.setProperty("jdk.httpclient.keepalive.timeout", "5");
    }

    private static @Nullable HelixServer shared;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path home;
    private final int httpPort;

    private HelixServer(Path home, int httpPort) {
        this.home = home;
        this.httpPort = httpPort;
    }

    /** Starts a server and returns when it is ready. */
    public static HelixServer start() {
        HelixServer server = prepare();
        server.up();
        return server;
    }

    /** A server that does not run yet: put files into its {@link #home()}, then call {@link #up()}. */
    public static HelixServer prepare() {
        try {
            return new HelixServer(Files.createTempDirectory("helix-itest-"), freePort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static synchronized HelixServer shared() {
        HelixServer server = shared;
        if (server == null) {
            server = start();
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            shared = server;
        }
        return server;
    }

    public void up() {
        up(Map.of());
    }

    /** @param javaOptions more options for its JVM */
    public void up(String javaOptions) {
        up(Map.of("HELIX_JAVA_OPTS", javaOptions));
    }

    private void up(Map<String, String> environment) {
        expectSuccess(helix(environment, "up", List.of("--http-port", Integer.toString(httpPort))));
    }

    public void down() {
        expectSuccess(helix("down"));
    }

    /** Ends the process as a crash would, without a chance to write anything. */
    public void kill() {
        ProcessHandle process = ProcessHandle.of(pid()).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
    }

    public long pid() {
        return Long.parseLong(read("helix.pid"));
    }

    public Path home() {
        return home;
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + httpPort + path);
    }

    /** The port of {@code http}, {@code ssh}, {@code rmi.registry} or {@code rmi.server}. */
    public int port(String name) {
        return Integer.parseInt(properties("ports").getProperty(name));
    }

    public String apiKey() {
        return read("secrets/api-key");
    }

    public String adminPassword() {
        return read("secrets/admin-password");
    }

    public String log() {
        return read("log/helix.log");
    }

    /** A request with the API key of the administrator; for anything but GET, add the method. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + apiKey());
    }

    public HttpResponse<String> get(String path) {
        return send(request(path));
    }

    public HttpResponse<String> post(String path, String contentType, String body) {
        return send(request(path).header("Content-Type", contentType).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for an answer", e);
        }
    }

    /** Runs one shell command as the administrator. */
    public Result shell(String command) {
        return helix("shell", command);
    }

    /** Runs one shell command as somebody else. */
    public Result shellAs(String user, String password, String command) {
        try {
            Path etc = Files.createTempDirectory(home, "client-");
            Files.writeString(etc.resolve("users.properties"), user + " = " + password + "\n");
            Files.writeString(
                    etc.resolve("org.apache.karaf.shell.cfg"), "sshHost = 127.0.0.1\nsshPort = " + port("ssh") + "\n");
            return run(
                    home,
                    Map.of("KARAF_BASE", home.toString(), "KARAF_ETC", etc.toString()),
                    command + "\n",
                    List.of(DISTRIBUTION.resolve("bin/client").toString(), "-b"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs the helix script on this server's home. */
    public Result helix(String command, String... arguments) {
        return helix(Map.of(), command, List.of(arguments));
    }

    private Result helix(Map<String, String> environment, String command, List<String> arguments) {
        List<String> line = new ArrayList<>(
                List.of("bash", DISTRIBUTION.resolve("bin/helix").toString(), command));
        line.addAll(List.of("--home", home.toString()));
        line.addAll(arguments);
        Map<String, String> variables = new HashMap<>(Map.of("HELIX_READY_SECONDS", "240"));
        variables.putAll(environment);
        return run(home, variables, "", line);
    }

    /** Runs helix-wasm-test of the distribution, for which no server need run. */
    public static Result wasmTest(String... arguments) {
        List<String> line = new ArrayList<>(
                List.of("sh", DISTRIBUTION.resolve("bin/helix-wasm-test").toString()));
        line.addAll(List.of(arguments));
        return run(Path.of("").toAbsolutePath(), Map.of(), "", line);
    }

    /** Puts a plugin into the deploy folder, in one move as the documentation says. */
    public void deploy(Path file, String name) {
        Path part = home.resolve("data").resolve(name + ".part");
        try {
            Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, home.resolve("deploy").resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void undeploy(String name) {
        try {
            Files.delete(home.resolve("deploy").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        helix("down");
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public record Result(int exitCode, String output) {}

    /** Runs a program in a folder. */
    static Result run(Path folder, Map<String, String> environment, String input, List<String> command) {
        try {
            Path output = Files.createTempFile("helix-itest-", ".out");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " still runs after " + COMMAND_SECONDS + " s");
            }
            String text = Files.readString(output);
            Files.delete(output);
            return new Result(process.exitValue(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while running " + command, e);
        }
    }

    private static void expectSuccess(Result result) {
        if (result.exitCode() != 0) {
            throw new AssertionError(result.output());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private String read(String file) {
        try {
            return Files.readString(home.resolve(file)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Properties properties(String file) {
        Properties properties = new Properties();
        try (var in = Files.newBufferedReader(home.resolve(file))) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
