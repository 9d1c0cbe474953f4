package io.helix.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.helix.itests.HelixServer.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may do what with the shell and JMX. It gates the Java agent, without which nobody is anybody on JDK 24 and later. */
@SuppressWarnings("BanJNDI") // JMX over RMI looks up its server so, on this machine
class AccessIT {
    private static final String VIEWER_PASSWORD = "only-looking";
    private static final String JAVA_RUNTIME = "java.lang:type=Runtime";
    private static final String BUNDLES = "org.apache.karaf:type=bundle,name=root";

    private static final List<String> PORTS = List.of("http", "ssh", "rmi.registry", "rmi.server");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final HelixServer HELIX = HelixServer.prepare();

    @BeforeAll
    static void start() throws Exception {
        Path etc = Files.createDirectories(HELIX.home().resolve("etc"));
        Files.writeString(etc.resolve("users.properties"), "vera = " + VIEWER_PASSWORD + ",viewer,ssh\n");
        HELIX.up();
        // Ready is who takes events; the ways in for administrators open beside that.
        for (String name : PORTS) {
            await().atMost(PATIENCE).until(() -> listens(HELIX.port(name)));
        }
    }

    @AfterAll
    static void stop() {
        HELIX.close();
    }

    @Test
    void administratorHasAllRolesInCommandThreads() {
        Result result = HELIX.shell("jaas:whoami -r");

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output()).contains("admin", "manager", "viewer", "systembundles");
    }

    @Test
    void rolesSurviveAPipe() {
        assertThat(HELIX.shell("jaas:whoami -r | grep manager").output()).contains("manager");
        assertThat(HELIX.shell("bundle:list -t 0 | grep helix-api").exitCode()).isZero();
    }

    @Test
    void viewerLooksButDoesNotTouch() {
        Result look = HELIX.shellAs("vera", VIEWER_PASSWORD, "jaas:whoami");
        Result touch = HELIX.shellAs("vera", VIEWER_PASSWORD, "shell:exec id");

        assertThat(look.output()).contains("vera");
        assertThat(touch.exitCode()).isNotZero();
        assertThat(touch.output()).contains("Command not found");
        assertThat(HELIX.shell("shell:exec id").exitCode()).isZero();
    }

    @Test
    void shellRefusesAWrongPassword() {
        Result result = HELIX.shellAs("admin", "wrong", "jaas:whoami");

        assertThat(result.exitCode()).isNotZero();
        assertThat(result.output()).doesNotContain("admin");
    }

    @Test
    void jmxAnswersTheAdministrator() throws Exception {
        try (JMXConnector jmx = jmx("admin", HELIX.adminPassword())) {
            MBeanServerConnection server = jmx.getMBeanServerConnection();

            assertThat(server.getAttribute(new ObjectName(JAVA_RUNTIME), "Name"))
                    .isNotNull();
            assertThat(server.getAttribute(new ObjectName(BUNDLES), "Bundles")).isNotNull();
        }
    }

    @Test
    void jmxRefusesWhatAViewerMayNot() throws Exception {
        try (JMXConnector jmx = jmx("vera", VIEWER_PASSWORD)) {
            MBeanServerConnection server = jmx.getMBeanServerConnection();
            ObjectName bundles = new ObjectName(BUNDLES);

            assertThat(server.getAttribute(bundles, "Bundles")).isNotNull();
            assertThatThrownBy(() -> server.invoke(
                            bundles, "restart", new Object[] {"helix-api"}, new String[] {String.class.getName()}))
                    .isInstanceOf(SecurityException.class);
        }
    }

    @Test
    void jmxRefusesAWrongPasswordAndNone() {
        assertThatThrownBy(() -> jmx("admin", "wrong")).isInstanceOf(SecurityException.class);
        assertThatThrownBy(() -> JMXConnectorFactory.connect(jmxUrl(), Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothingIsInstalledFromOutside() {
        assertThat(HELIX.shell("feature:install jdbc").exitCode()).isNotZero();
    }

    @Test
    void onlyTheOwnerReadsSecrets() throws Exception {
        Path secrets = HELIX.home().resolve("secrets");
        assertThat(Files.getPosixFilePermissions(secrets)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        try (Stream<Path> files = Files.walk(secrets)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.getPosixFilePermissions(file))
                        .as(file.toString())
                        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            }
        }
    }

    @Test
    void passwordsAreNotStoredInClear() throws Exception {
        HELIX.shellAs("vera", VIEWER_PASSWORD, "jaas:whoami");

        assertThat(Files.readString(HELIX.home().resolve("etc/users.properties")))
                .contains("admin", "vera")
                .doesNotContain(HELIX.adminPassword())
                .doesNotContain(VIEWER_PASSWORD);
    }

    @Test
    void everyPortIsOnLoopback() throws Exception {
        Set<String> ports = PORTS.stream().map(name -> suffix(HELIX.port(name))).collect(Collectors.toSet());

        assertThat(listening())
                .filteredOn(address -> ports.contains(address.substring(address.indexOf(':'))))
                .allMatch(address ->
                        address.startsWith("0100007F:") || address.startsWith("0000000000000000FFFF00000100007F:"));
    }

    private static String suffix(int port) {
        return ":%04X".formatted(port);
    }

    private static boolean listens(int port) throws IOException {
        return listening().stream().anyMatch(address -> address.endsWith(suffix(port)));
    }

    /** The local addresses of all listening sockets, as Linux writes them: in hexadecimal, address and port. */
    private static List<String> listening() throws IOException {
        try (Stream<String> four = Files.lines(Path.of("/proc/net/tcp"));
                Stream<String> six = Files.lines(Path.of("/proc/net/tcp6"))) {
            return Stream.concat(four, six)
                    .map(line -> line.strip().split("\\s+"))
                    .filter(fields -> fields[3].equals("0A"))
                    .map(fields -> fields[1])
                    .toList();
        }
    }

    private static JMXConnector jmx(String user, String password) throws Exception {
        return JMXConnectorFactory.connect(jmxUrl(), Map.of(JMXConnector.CREDENTIALS, new String[] {user, password}));
    }

    private static JMXServiceURL jmxUrl() throws Exception {
        return new JMXServiceURL(
                "service:jmx:rmi:///jndi/rmi://127.0.0.1:%d/karaf-root".formatted(HELIX.port("rmi.registry")));
    }
}
