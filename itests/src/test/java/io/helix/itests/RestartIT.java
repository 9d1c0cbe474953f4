package io.helix.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A server that is stopped while work is queued does it after its next start. */
class RestartIT {
    @Test
    void aTriggerThatIsQueuedWhenTheServerStopsRunsAfterItsNextStart() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        HttpServer target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        target.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        target.createContext("/", exchange -> {
            calls.incrementAndGet();
            arrived.countDown();
            try {
                release.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        target.start();
        try (HelixServer helix = HelixServer.prepare()) {
            Files.createDirectories(helix.home().resolve("etc"));
            Files.writeString(helix.home().resolve("etc/io.helix.runtime.cfg"), "egress.allow = 127.0.0.1/32\n");
            helix.up();
            Api api = new Api(helix, "default");
            api.apply("""
                    apiVersion: helix/v1
                    kind: Recipe
                    metadata: {name: call}
                    spec:
                      steps:
                        - {id: call, uses: http.request@1, with: {url: "http://127.0.0.1:%d/"}, timeout: 60s}
                    ---
                    apiVersion: helix/v1
                    kind: Rule
                    metadata: {name: call}
                    spec:
                      match: {type: [itest.call]}
                      then: [{recipe: call}]
                    """.formatted(target.getAddress().getPort()));
            assertThat(api.publish("1", "itest.call", "{}")).isEqualTo(202);
            assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();

            helix.down();
            release.countDown();
            helix.up();

            await().atMost(Duration.ofSeconds(90))
                    .untilAsserted(() ->
                            assertThat(api.runs("recipe=call&state=succeeded")).hasSize(1));
            assertThat(api.runs("recipe=call")).hasSize(1);
            assertThat(calls.get()).isGreaterThan(1);
        } finally {
            target.stop(0);
        }
    }
}
