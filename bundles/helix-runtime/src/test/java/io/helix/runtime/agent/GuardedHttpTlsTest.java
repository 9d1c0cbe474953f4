package io.helix.runtime.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.HttpCaller;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardedHttpTlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path dir;

    private static SSLContext tls;
    private static HttpsServer server;

    @BeforeAll
    static void start() throws Exception {
        tls = context(keyStore("SAN=dns:good.test,ip:127.0.0.1"));
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    @Test
    void acceptsTheCertificateOfTheHostThatWasAskedFor() throws Exception {
        assertThat(call("good.test", tls).status()).isEqualTo(204);
        assertThat(call("127.0.0.1", tls).status()).isEqualTo(204);
    }

    @Test
    void refusesTheCertificateOfAnotherHost() {
        assertThatThrownBy(() -> call("other.test", tls))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("other.test cannot be reached")
                .hasMessageContaining("No subject alternative DNS name");
    }

    @Test
    void refusesACertificateThatTheSystemDoesNotTrust() {
        assertThatThrownBy(() -> call("good.test", SSLContext.getDefault()))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("good.test cannot be reached");
    }

    private static HttpCaller.Response call(String host, SSLContext tls) throws AgentException {
        EgressGuard guard = new EgressGuard(
                List.of("127.0.0.1/32"), name -> new InetAddress[] {InetAddress.getByName("127.0.0.1")});
        try (GuardedHttp http = new GuardedHttp(guard, tls)) {
            URI uri = URI.create("https://" + host + ":" + server.getAddress().getPort() + "/");
            return http.call(
                    new HttpCaller.Request("GET", uri, Map.of(), new byte[0], Duration.ofSeconds(30), false, 1000),
                    (method, target) -> {});
        }
    }

    private static Path keyStore(String names) throws Exception {
        Path file = dir.resolve("server.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=server",
                        "-ext",
                        names,
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
        return file;
    }

    private static SSLContext context(Path file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", store.getCertificate("mykey"));
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
