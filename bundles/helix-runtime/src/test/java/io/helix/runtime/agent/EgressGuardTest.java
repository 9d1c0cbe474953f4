package io.helix.runtime.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.HttpCaller;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EgressGuardTest {
    private final EgressGuard closed = new EgressGuard(List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/",
                "http://127.1.2.3:8080/",
                "http://localhost/",
                "http://[::1]/",
                "http://[::ffff:127.0.0.1]/",
                "http://169.254.169.254/latest/meta-data/",
                "http://10.0.0.8/",
                "http://172.16.0.1/",
                "http://192.168.1.1/",
                "http://100.64.0.1/",
                "http://0.0.0.0/",
                "http://224.0.0.1/",
                "http://[fe80::1]/",
                "http://[fd00::1]/",
                "http://[64:ff9b::7f00:1]/",
                "http://2130706433/",
                "http://0x7f.1/"
            })
    void refusesWhatIsNotPublic(String url) {
        assertThatThrownBy(() -> closed.check(URI.create(url))).isInstanceOf(AgentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://8.8.8.8/", "file:///etc/passwd", "http://user:pass@8.8.8.8/", "http:///x"})
    void refusesWhatIsNotAPlainHttpAddress(String url) {
        assertThatThrownBy(() -> closed.check(URI.create(url))).isInstanceOf(AgentException.class);
    }

    @Test
    void letsPublicAddressesPass() {
        assertThatCode(() -> closed.check(URI.create("https://8.8.8.8/"))).doesNotThrowAnyException();
        assertThatCode(() -> closed.check(URI.create("https://[2606:4700::1111]/")))
                .doesNotThrowAnyException();
    }

    @Test
    void letsPassWhatTheOperatorAllows() {
        EgressGuard open = new EgressGuard(List.of("10.1.0.0/16", "127.0.0.1:9000"));

        assertThatCode(() -> open.check(URI.create("http://10.1.2.3/"))).doesNotThrowAnyException();
        assertThatCode(() -> open.check(URI.create("http://127.0.0.1:9000/"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> open.check(URI.create("http://127.0.0.1:9001/")))
                .isInstanceOf(AgentException.class);
        assertThatThrownBy(() -> open.check(URI.create("http://10.2.0.1/"))).isInstanceOf(AgentException.class);
    }

    @Test
    void refusesTheTargetOfARedirectToo() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Location", "http://169.254.169.254/latest/meta-data/");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
        int port = server.getAddress().getPort();
        try (GuardedHttp http = new GuardedHttp(new EgressGuard(List.of("127.0.0.1:" + port)))) {
            HttpCaller.Request request = new HttpCaller.Request(
                    "GET",
                    URI.create("http://127.0.0.1:" + port + "/"),
                    Map.of(),
                    new byte[0],
                    Duration.ofSeconds(5),
                    true,
                    1000);

            assertThatThrownBy(() -> http.call(request, (method, uri) -> {}))
                    .isInstanceOfSatisfying(AgentException.class, e -> {
                        assertThat(e.isRetryable()).isFalse();
                        assertThat(e.getMessage()).contains("169.254.169.254");
                    });
        } finally {
            server.stop(0);
        }
    }

    @Test
    void anAnswerThatIsTooLongIsRefused() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2000);
            exchange.getResponseBody().write(new byte[2000]);
            exchange.close();
        });
        server.start();
        int port = server.getAddress().getPort();
        try (GuardedHttp http = new GuardedHttp(new EgressGuard(List.of("127.0.0.1")))) {
            HttpCaller.Request request = new HttpCaller.Request(
                    "GET",
                    URI.create("http://127.0.0.1:" + port + "/"),
                    Map.of(),
                    new byte[0],
                    Duration.ofSeconds(5),
                    true,
                    1000);

            assertThatThrownBy(() -> http.call(request, (method, uri) -> {}))
                    .hasMessageContaining("longer than 1000 bytes");
        } finally {
            server.stop(0);
        }
    }
}
