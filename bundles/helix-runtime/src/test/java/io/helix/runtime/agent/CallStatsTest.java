package io.helix.runtime.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.helix.api.agent.AgentDescriptor;
import io.helix.api.agent.AgentKind;
import io.helix.runtime.agent.CallStats.Snapshot;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallStatsTest {
    private final CallStats stats = new CallStats();

    private static AgentDescriptor type(String type, String version) {
        return new AgentDescriptor(type, version, AgentKind.ACTION, "", JsonNodeFactory.instance.objectNode());
    }

    private void call(String type, String version, boolean well, int millis) {
        stats.ended(type(type, version), well, Duration.ofMillis(millis).toNanos());
    }

    @Test
    void callsOfAllVersionsOfAMajorCount() {
        call("demo.say", "1.0.0", true, 1);
        call("demo.say", "1.2.0", false, 1);
        call("demo.say", "2.0.0", true, 1);

        assertThat(stats.of(List.of("demo.say@1.2.0")))
                .extracting(Snapshot::total, Snapshot::failed)
                .containsExactly(2L, 1L);
    }

    @Test
    void typesOfOnePluginAreTakenTogether() {
        for (int i = 0; i < 98; i++) {
            call("demo.say", "1.0.0", true, 1);
        }
        call("demo.shout", "1.0.0", true, 100);
        call("demo.shout", "1.0.0", true, 100);

        Snapshot all = stats.of(List.of("demo.say@1.0.0", "demo.shout@1.0.0"));

        assertThat(all.total()).isEqualTo(100);
        assertThat(all.p50Micros()).isBetween(990L, 1_010L);
        assertThat(all.p99Micros()).isBetween(99_000L, 101_000L);
    }

    @Test
    void whatWasNeverCalledHasNoCalls() {
        assertThat(stats.of(List.of("demo.say@1.0.0"))).isEqualTo(new Snapshot(0, 0, 0, 0));
    }
}
