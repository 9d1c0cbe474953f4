package io.helix.runtime.agent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.HttpCaller;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardedHttpTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String LAST_OK = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";

    @Test
    void connectsToTheAddressThatWasCheckedAndAsksForItOnce() throws Exception {
        Rebinding names = new Rebinding();
        try (Server server = new Server(connection -> connection.answer(OK));
                GuardedHttp http = guarded(names)) {
            assertThat(text(http.call(get(server, "rebinding.test"), GuardedHttpTest::allowed)))
                    .isEqualTo("ok");

            assertThat(names.asked).hasValue(1);
            assertThat(server.reachedAt).containsExactly("127.0.0.1");
        }
    }

    @Test
    void refusesTheSecondAnswerOfANameServerThatRebinds() throws Exception {
        Rebinding names = new Rebinding();
        try (Server server = new Server(connection -> connection.answer(LAST_OK));
                GuardedHttp http = guarded(names)) {
            http.call(get(server, "rebinding.test"), GuardedHttpTest::allowed);

            AgentException refused = failure(http, get(server, "rebinding.test"));

            assertThat(refused.isRetryable()).isFalse();
            assertThat(refused).hasMessageContaining("the egress guard refuses rebinding.test (127.0.0.2)");
            assertThat(server.reachedAt).containsExactly("127.0.0.1");
        }
    }

    @Test
    void aConnectionThatIsKeptStaysAtTheCheckedAddress() throws Exception {
        Rebinding names = new Rebinding();
        try (Server server = new Server(Connection::answerAll);
                GuardedHttp http = guarded(names)) {
            http.call(get(server, "rebinding.test"), GuardedHttpTest::allowed);
            http.call(get(server, "rebinding.test"), GuardedHttpTest::allowed);

            assertThat(names.asked).hasValue(1);
            assertThat(server.reachedAt).containsExactly("127.0.0.1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "2130706433",
                "localhost",
                "localhost."
            })
    void checksLiteralAddressesToo(String host) throws Exception {
        try (Server server = new Server(connection -> connection.answer(OK));
                GuardedHttp http = new GuardedHttp(new EgressGuard(List.of()))) {
            AgentException failure = failure(http, get(server, host));

            if (!(failure.getCause() instanceof UnknownHostException)) {
                assertThat(failure.isRetryable()).isFalse();
                assertThat(failure).hasMessageContaining("the egress guard refuses");
            }
            assertThat(server.requests).isEmpty();
        }
    }

    @Test
    void anAllowedHostMayBeAnywhere() throws Exception {
        try (Server server = new Server(connection -> connection.answer(OK))) {
            EgressGuard guard =
                    new EgressGuard(List.of("printer.lan:" + server.port()), host -> new InetAddress[] {loopback()});
            try (GuardedHttp http = new GuardedHttp(guard)) {
                http.call(get(server, "PRINTER.lan"), GuardedHttpTest::allowed);

                assertThat(failure(http, get(server, "other.lan"))).hasMessageContaining("refuses other.lan");
            }
        }
    }

    @Test
    void anIpv6AddressIsWrittenInBrackets() throws Exception {
        try (Server server = new Server(connection -> connection.answer(OK));
                GuardedHttp http = new GuardedHttp(
                        new EgressGuard(List.of("::1/128", "127.0.0.1/32"), host -> new InetAddress[] {loopback()}))) {
            http.call(get(server, "[::1]"), GuardedHttpTest::allowed);

            assertThat(server.requests.peek()).contains("Host: [::1]:" + server.port() + "\r\n");
        }
    }

    @Test
    void aNameThatDoesNotResolveMayLater() throws Exception {
        EgressGuard guard = new EgressGuard(List.of(), host -> {
            throw new UnknownHostException(host);
        });
        try (GuardedHttp http = new GuardedHttp(guard)) {
            AgentException failure = failure(http, request("GET", "http://nowhere.test/", Map.of(), ""));

            assertThat(failure.isRetryable()).isTrue();
            assertThat(failure).hasMessage("host 'nowhere.test' cannot be resolved");
        }
    }

    @Test
    void refusesTheTargetOfARedirect() throws Exception {
        try (Server server = new Server(connection -> connection.answer(
                        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2/\r\nContent-Length: 0\r\n\r\n"));
                GuardedHttp http = guarded()) {
            AgentException refused = failure(http, get(server, "127.0.0.1"));

            assertThat(refused.isRetryable()).isFalse();
            assertThat(refused).hasMessageContaining("127.0.0.2");
        }
    }

    @Test
    void aRedirectToAnotherOriginGetsNoCredentials() throws Exception {
        try (Server other = new Server(connection -> connection.answer(OK));
                Server server = new Server(connection -> connection.answer("HTTP/1.1 307 Moved\r\nLocation: "
                        + "http://127.0.0.1:" + other.port() + "/\r\nContent-Length: 0\r\n\r\n"));
                GuardedHttp http = guarded()) {
            http.call(
                    request(
                            "GET",
                            server.url("127.0.0.1"),
                            Map.of("Authorization", "Bearer x", "COOKIE", "a=b", "X-Api-Key", "k", "X-Kept", "yes"),
                            ""),
                    GuardedHttpTest::allowed);

            assertThat(server.requests.peek()).contains("Bearer x", "a=b", "X-Api-Key: k");
            assertThat(other.requests.peek()).contains("X-Kept: yes").doesNotContain("Bearer x", "a=b", "X-Api-Key");
        }
    }

    @Test
    void aBodyThatDripsEndsAtTheTimeLimit() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (Server server = new Server(connection -> {
                    connection.answer("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
                    while (!over.await(10, TimeUnit.MILLISECONDS)) {
                        connection.send("x");
                    }
                });
                GuardedHttp http = guarded()) {
            AgentException late = failure(http, limited(server, Duration.ofMillis(300), 1_000_000));

            assertThat(late.isRetryable()).isTrue();
            assertThat(late).hasMessage("127.0.0.1 did not answer within 300 ms");
        } finally {
            over.countDown();
        }
    }

    @Test
    void aNameServerThatHangsEndsAtTheTimeLimit() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        EgressGuard guard = new EgressGuard(List.of(), host -> {
            awaitUninterruptibly(over);
            throw new UnknownHostException(host);
        });
        try (GuardedHttp http = new GuardedHttp(guard)) {
            HttpCaller.Request request = new HttpCaller.Request(
                    "GET", URI.create("http://slow.test/"), Map.of(), new byte[0], Duration.ofMillis(100), true, 10);

            assertThat(failure(http, request)).hasMessage("slow.test did not answer within 100 ms");
        } finally {
            over.countDown();
        }
    }

    @Test
    void theTimeLimitHoldsForAllRedirectsTogether() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (Server server = new Server(connection -> {
                    connection.readRequest();
                    over.await(150, TimeUnit.MILLISECONDS);
                    connection.send("HTTP/1.1 302 Found\r\nLocation: /\r\nConnection: close\r\n\r\n");
                });
                GuardedHttp http = guarded()) {
            assertThat(failure(http, limited(server, Duration.ofMillis(500), 10)))
                    .hasMessage("127.0.0.1 did not answer within 500 ms");
            assertThat(server.requests).hasSizeLessThan(6);
        } finally {
            over.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anInterruptEndsTheCallAndTheConnection(boolean virtual) throws Exception {
        CountDownLatch received = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (Server server = new Server(connection -> {
                    connection.readRequest();
                    received.countDown();
                    connection.awaitClose();
                    closed.countDown();
                });
                GuardedHttp http = guarded()) {
            FutureTask<String> call = new FutureTask<>(() -> {
                AgentException cancelled = failure(http, get(server, "127.0.0.1"));
                return cancelled.getMessage() + ", " + Thread.currentThread().isInterrupted();
            });
            Thread thread = virtual
                    ? Thread.ofVirtual().start(call)
                    : Thread.ofPlatform().start(call);
            assertThat(received.await(30, TimeUnit.SECONDS)).isTrue();

            thread.interrupt();

            assertThat(call.get(30, TimeUnit.SECONDS)).isEqualTo("the call to 127.0.0.1 was cancelled, true");
            assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anAnswerThatIsTooLongIsRefusedWithoutReadingTheRest() throws Exception {
        try (Server server = new Server(connection -> {
                    connection.answer("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + "x".repeat(1001));
                    connection.awaitClose();
                });
                GuardedHttp http = guarded()) {
            AgentException tooLong = failure(http, limited(server, Duration.ofMinutes(2), 1000));

            assertThat(tooLong.isRetryable()).isFalse();
            assertThat(tooLong).hasMessage("the answer of 127.0.0.1 is longer than 1000 bytes");
        }
    }

    @Test
    void anAnswerAsLongAsTheLimitIsTaken() throws Exception {
        try (Server server = new Server(connection -> connection.answer(OK));
                GuardedHttp http = guarded()) {
            HttpCaller.Response response =
                    http.call(limited(server, Duration.ofSeconds(30), 2), GuardedHttpTest::allowed);

            assertThat(text(response)).isEqualTo("ok");
        }
    }

    @Test
    void headersWithoutEndAreRefused() throws Exception {
        try (Server server = new Server(connection -> {
                    connection.answer("HTTP/1.1 200 OK\r\n");
                    while (true) {
                        connection.send("X-More: x\r\n");
                    }
                });
                GuardedHttp http = guarded()) {
            assertThat(failure(http, get(server, "127.0.0.1"))).hasMessageContaining("header count");
        }
    }

    @Test
    void aCompressedAnswerIsNotExpanded() throws Exception {
        try (Server server = new Server(connection -> connection.answer(
                        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nzzzz"));
                GuardedHttp http = guarded()) {
            HttpCaller.Response response = http.call(get(server, "127.0.0.1"), GuardedHttpTest::allowed);

            assertThat(text(response)).isEqualTo("zzzz");
            assertThat(response.headers()).containsEntry("content-encoding", List.of("gzip"));
            assertThat(server.requests.peek()).doesNotContainIgnoringCase("accept-encoding", "upgrade");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Host", "content-length", "CONNECTION", "Expect", "Upgrade", "Transfer-Encoding", "", "a b", "a:"
            })
    void aCallerCannotSetHeadersThatFrameARequest(String header) throws Exception {
        try (GuardedHttp http = guarded()) {
            AgentException refused = failure(http, request("GET", "http://127.0.0.1/", Map.of(header, "x"), ""));

            assertThat(refused.isRetryable()).isFalse();
            assertThat(refused).hasMessageStartingWith("the request cannot be made: ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-Evil: 1", "a\nb", "a\rb", "a\0b", "a\u0100"})
    void aHeaderIsOneLine(String value) throws Exception {
        try (GuardedHttp http = guarded()) {
            assertThat(failure(http, request("GET", "http://127.0.0.1/", Map.of("X-A", value), "")))
                    .hasMessage("the request cannot be made: the header X-A has characters that a header cannot have");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "GET /x", "", "A\r\nB"})
    void aMethodIsAWord(String method) throws Exception {
        try (GuardedHttp http = guarded()) {
            assertThat(failure(http, request(method, "http://127.0.0.1/", Map.of(), "")))
                    .hasMessageEndingWith("is not a method that can be used");
        }
    }

    @ParameterizedTest
    @MethodSource("answersBeforeTheConnectionBreaks")
    void aRequestIsSentOnceWhenTheConnectionBreaks(List<String> answers) throws Exception {
        try (Server server = new Server(connection -> {
                    for (String answer : answers) {
                        connection.answer(answer);
                    }
                    connection.readRequest();
                });
                GuardedHttp http = guarded()) {
            for (int i = 0; i < answers.size(); i++) {
                http.call(post(server), GuardedHttpTest::allowed);
            }
            AgentException broken = failure(http, post(server));

            assertThat(broken.isRetryable()).isTrue();
            assertThat(broken).hasMessageStartingWith("127.0.0.1 cannot be reached");
            assertThat(server.requests).hasSize(answers.size() + 1);
            assertThat(server.reachedAt).hasSize(1);
        }
    }

    static Stream<List<String>> answersBeforeTheConnectionBreaks() {
        return Stream.of(List.of(), List.of(OK), List.of(OK, OK));
    }

    @Test
    void aConnectionThatTheServerClosedIsNotUsedAgain() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (Server server = new Server(connection -> {
                    connection.answer(OK);
                    connection.socket().close();
                    closed.countDown();
                });
                GuardedHttp http = guarded()) {
            http.call(post(server), GuardedHttpTest::allowed);
            assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();

            assertThat(text(http.call(post(server), GuardedHttpTest::allowed))).isEqualTo("ok");
            assertThat(server.requests).hasSize(2);
        }
    }

    @Test
    void noCookieIsKept() throws Exception {
        try (Server server = new Server(connection -> {
                    connection.answer(
                            "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\nContent-Length: 0\r\n\r\n");
                    connection.answer(OK);
                });
                GuardedHttp http = guarded()) {
            HttpCaller.Response response = http.call(get(server, "127.0.0.1"), GuardedHttpTest::allowed);
            http.call(get(server, "127.0.0.1"), GuardedHttpTest::allowed);

            assertThat(response.headers()).containsEntry("set-cookie", List.of("a=b", "c=d"));
            assertThat(server.requests).hasSize(2).noneMatch(request -> request.contains("Cookie"));
        }
    }

    @Test
    void theBodyArrivesAsItIs() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(loopback(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try (GuardedHttp http = guarded()) {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/a?b=%20c";

            assertThat(text(http.call(request("PUT", url, Map.of(), "some body"), GuardedHttpTest::allowed)))
                    .isEqualTo("some body");
        } finally {
            server.stop(0);
        }
    }

    private static void allowed(String method, URI uri) {}

    private static InetAddress loopback() throws UnknownHostException {
        return InetAddress.getByName("127.0.0.1");
    }

    private static GuardedHttp guarded() {
        return new GuardedHttp(new EgressGuard(List.of("127.0.0.1/32")));
    }

    private static GuardedHttp guarded(Rebinding names) {
        return new GuardedHttp(new EgressGuard(List.of("127.0.0.1/32"), names));
    }

    private static AgentException failure(GuardedHttp http, HttpCaller.Request request) {
        return catchThrowableOfType(AgentException.class, () -> http.call(request, GuardedHttpTest::allowed));
    }

    private static HttpCaller.Request get(Server server, String host) {
        return request("GET", server.url(host), Map.of(), "");
    }

    private static HttpCaller.Request post(Server server) {
        return request("POST", server.url("127.0.0.1"), Map.of(), "x");
    }

    private static HttpCaller.Request limited(Server server, Duration timeout, int bytes) {
        return new HttpCaller.Request(
                "GET", URI.create(server.url("127.0.0.1")), Map.of(), new byte[0], timeout, true, bytes);
    }

    private static HttpCaller.Request request(String method, String url, Map<String, String> headers, String body) {
        return new HttpCaller.Request(
                method, URI.create(url), headers, body.getBytes(ISO_8859_1), Duration.ofSeconds(60), true, 1000);
    }

    private static String text(HttpCaller.Response response) {
        return new String(response.body(), ISO_8859_1);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                Thread.interrupted();
            }
        }
    }

    /** Answers with an address that is allowed once, then with one that is not. */
    private static final class Rebinding implements EgressGuard.Names {
        final AtomicInteger asked = new AtomicInteger();

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            String address = asked.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.2";
            return new InetAddress[] {InetAddress.getByName(address)};
        }
    }

    private interface Script {
        void play(Connection connection) throws Exception;
    }

    /** Listens at every address of the machine, so that it sees connections that go where they must not. */
    private static final class Server implements AutoCloseable {
        final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<String> reachedAt = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<Socket> open = new ConcurrentLinkedQueue<>();
        private final ServerSocket socket = new ServerSocket(0);
        private final Script script;

        Server(Script script) throws IOException {
            this.script = script;
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return socket.getLocalPort();
        }

        String url(String host) {
            return "http://" + host + ":" + port() + "/";
        }

        private void accept() {
            while (!socket.isClosed()) {
                try {
                    Socket accepted = socket.accept();
                    open.add(accepted);
                    reachedAt.add(accepted.getLocalAddress().getHostAddress());
                    Thread.ofVirtual().start(() -> serve(accepted));
                } catch (IOException e) {
                    return;
                }
            }
        }

        private void serve(Socket accepted) {
            try (accepted) {
                script.play(new Connection(
                        this,
                        accepted,
                        new BufferedReader(new InputStreamReader(accepted.getInputStream(), ISO_8859_1))));
            } catch (Exception e) {
                // The client hung up.
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
            for (Socket accepted : open) {
                accepted.close();
            }
        }
    }

    private record Connection(Server server, Socket socket, BufferedReader in) {
        void readRequest() throws IOException {
            StringBuilder request = new StringBuilder();
            int length = 0;
            for (String line = in.readLine(); !"".equals(line); line = in.readLine()) {
                if (line == null) {
                    throw new IOException("the client hung up");
                }
                request.append(line).append("\r\n");
                if (line.startsWith("Content-Length: ")) {
                    length = Integer.parseInt(line.substring("Content-Length: ".length()));
                }
            }
            for (int i = 0; i < length; i++) {
                in.read();
            }
            server.requests.add(request.toString());
        }

        void answer(String answer) throws IOException {
            readRequest();
            send(answer);
        }

        void answerAll() throws IOException {
            while (true) {
                answer(OK);
            }
        }

        void send(String text) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(ISO_8859_1));
            out.flush();
        }

        void awaitClose() {
            try {
                while (in.read() >= 0) {}
            } catch (IOException e) {
                // Closed hard.
            }
        }
    }
}
