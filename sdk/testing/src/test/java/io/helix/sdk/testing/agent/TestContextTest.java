package io.helix.sdk.testing.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.HelixException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestContextTest {
    @Test
    void scheduled_work_is_done_in_order_at_its_time() {
        TestSourceContext<String> context = new TestSourceContext<>("config");
        Instant start = context.clock().instant();
        List<String> done = new ArrayList<>();
        context.schedule(start.plusSeconds(20), () -> done.add("b at " + since(context, start)));
        context.schedule(start.plusSeconds(5), () -> done.add("a at " + since(context, start)));
        context.scheduleRepeatedly(Duration.ofSeconds(12), () -> done.add("r at " + since(context, start)));

        context.advance(Duration.ofSeconds(25));

        assertThat(done).containsExactly("a at 5", "r at 12", "b at 20", "r at 24");
        assertThat(context.clock().instant()).isEqualTo(start.plusSeconds(25));
        assertThat(context.nextDue()).isEqualTo(start.plusSeconds(36));
    }

    @Test
    void a_secret_that_is_kept_is_zeroed() {
        MapCredentials credentials = new MapCredentials();
        credentials.put("api", "secret");

        byte[] kept = credentials.use("api", "test", clear -> clear);

        assertThat(kept).containsOnly(0);
        assertThat(credentials.reads()).containsExactly("api for test");
        assertThatThrownBy(() -> credentials.use("other", "test", clear -> clear))
                .isInstanceOf(HelixException.class);
    }

    @Test
    void state_has_the_bounds_of_the_real_one() {
        MapState state = new MapState(new ManualClock());

        assertThat(state.putIfAbsent("k", "1")).isTrue();
        assertThat(state.putIfAbsent("k", "2")).isFalse();
        assertThat(state.get("k")).contains("1");
        assertThatThrownBy(() -> state.put("k".repeat(301), "v")).isInstanceOf(HelixException.class);
        assertThatThrownBy(() -> state.put("k", "v".repeat(65_537))).isInstanceOf(HelixException.class);
    }

    @Test
    void a_call_beyond_the_script_is_an_error_of_the_test() {
        ScriptedHttp http = new ScriptedHttp();

        assertThatThrownBy(() -> http.call(new io.helix.api.agent.HttpCaller.Request(
                        "GET",
                        java.net.URI.create("http://a.example/"),
                        java.util.Map.of(),
                        new byte[0],
                        Duration.ofSeconds(1),
                        false,
                        10)))
                .isInstanceOf(IllegalStateException.class);
    }

    private static long since(TestSourceContext<String> context, Instant start) {
        return Duration.between(start, context.clock().instant()).toSeconds();
    }
}
