package io.helix.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.HelixException;
import io.helix.api.agent.EventDraft;
import io.helix.sdk.testing.agent.AgentKit;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {
    @Test
    void fires_at_its_times_with_the_time_as_id() throws Exception {
        AgentKit kit = started("\"cron\": \"*/15 * * * *\", \"eventType\": \"shop.tick\", \"data\": {\"n\": 1}");

        kit.advance(Duration.ofMinutes(31));

        assertThat(ids(kit)).containsExactly("2026-01-01T00:15:00Z", "2026-01-01T00:30:00Z");
        EventDraft first = kit.emitted().get(0);
        assertThat(first.type()).isEqualTo("shop.tick");
        assertThat(first.time()).isEqualTo(Instant.parse("2026-01-01T00:15:00Z"));
        assertThat(first.data().path("n").asInt()).isEqualTo(1);
    }

    @Test
    void an_interval_is_aligned_so_that_restarts_do_not_shift_it() throws Exception {
        AgentKit kit = started("\"every\": \"30s\"");
        kit.advance(Duration.ofSeconds(50));
        kit.restart(Duration.ofSeconds(5));
        kit.advance(Duration.ofSeconds(10));

        assertThat(ids(kit)).containsExactly("2026-01-01T00:00:30Z", "2026-01-01T00:01:00Z");
    }

    @ParameterizedTest
    @CsvSource({"none,0", "last,1", "all,5"})
    void missed_times_are_treated_as_configured(String missed, int expected) throws Exception {
        AgentKit kit = started("\"cron\": \"0 * * * *\", \"missed\": \"" + missed + "\"");
        kit.restart(Duration.ofHours(5).plusMinutes(30));
        kit.advance(Duration.ZERO);

        assertThat(kit.emitted()).hasSize(expected);
        kit.advance(Duration.ofMinutes(30));
        assertThat(ids(kit)).hasSize(expected + 1).last().isEqualTo("2026-01-01T06:00:00Z");
    }

    @Test
    void after_a_long_time_only_the_newest_hundred_are_caught_up() throws Exception {
        AgentKit kit = started("\"every\": \"1s\", \"missed\": \"all\"");
        kit.restart(Duration.ofDays(400));
        kit.advance(Duration.ZERO);

        assertThat(kit.emitted()).hasSize(100);
        assertThat(kit.emitted().get(99).time()).isEqualTo(kit.clock().instant());
    }

    @Test
    void a_time_that_could_not_be_stored_is_tried_again_with_the_same_id() throws Exception {
        AgentKit kit = started("\"every\": \"1m\"");
        kit.source().refuseEmits(HelixException.unavailable("mesh is away"));
        kit.advance(Duration.ofSeconds(62));
        kit.source().refuseEmits(null);
        kit.advance(Duration.ofSeconds(10));

        assertThat(ids(kit)).containsExactly("2026-01-01T00:01:00Z");
        assertThat(kit.log()).anyMatch(it -> it.contains("trying again"));
    }

    @Test
    void what_policy_forbids_is_logged_and_passed_over() throws Exception {
        AgentKit kit = started("\"every\": \"1m\"");
        kit.source().refuseEmits(HelixException.forbidden("no"));
        kit.advance(Duration.ofSeconds(70));
        kit.source().refuseEmits(null);
        kit.advance(Duration.ofSeconds(60));

        assertThat(ids(kit)).containsExactly("2026-01-01T00:02:00Z");
    }

    @Test
    void a_changed_schedule_begins_anew() throws Exception {
        AgentKit kit = started("\"every\": \"1h\"");
        kit.state().put("last", "2020-01-01T00:00:00Z 0 0 * * * UTC");
        kit.restart(Duration.ofSeconds(1));
        kit.advance(Duration.ofSeconds(1));

        assertThat(kit.emitted()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Winter to summer: 2:30 does not exist on 29 March and is left out.
                "30 2 * * * | 2026-03-28T00:00:00Z | 2026-03-28T01:30:00Z 2026-03-30T00:30:00Z",
                // Summer to winter: 2:30 exists twice on 25 October and fires the first time.
                "30 2 * * * | 2026-10-24T12:00:00Z | 2026-10-25T00:30:00Z 2026-10-26T01:30:00Z",
                // An hourly schedule fires in both of the repeated hours.
                "15 * * * * | 2026-10-24T23:30:00Z | 2026-10-25T00:15:00Z 2026-10-25T01:15:00Z",
                // Sunday is 0 and 7; with seconds as well.
                "0 9 * * 7 | 2026-02-02T00:00:00Z | 2026-02-08T08:00:00Z 2026-02-15T08:00:00Z",
                "30 0 9 * * 0 | 2026-02-02T00:00:00Z | 2026-02-08T08:00:30Z 2026-02-15T08:00:30Z"
            })
    void the_clock_of_the_zone_counts(String cron, Instant from, String expected) {
        Schedule schedule = Schedule.cron(cron, ZoneId.of("Europe/Berlin"));
        List<String> times = new ArrayList<>();
        Instant at = from;
        for (int i = 0; i < 2; i++) {
            at = schedule.after(at).orElseThrow();
            times.add(at.toString());
        }

        assertThat(String.join(" ", times)).isEqualTo(expected);
    }

    @Test
    void a_time_in_a_repeated_hour_is_not_caught_up_twice() {
        Schedule schedule = Schedule.cron("30 2 * * *", ZoneId.of("Europe/Berlin"));

        List<Instant> due =
                schedule.between(Instant.parse("2026-10-25T00:30:00Z"), Instant.parse("2026-10-25T12:00:00Z"), 100);

        assertThat(due).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"cron\": \"* * * * *\", \"every\": \"5s\"}",
                "{\"every\": \"500ms\"}",
                "{\"cron\": \"99 * * * *\"}",
                "{\"cron\": \"0 0 31 2 *\"}",
                "{\"cron\": \"* * *\"}",
                "{\"cron\": \"@reboot\"}",
                "{\"cron\": \"\"}",
                "{\"cron\": \"* * * * *\", \"zone\": \"Mars/Olympus\"}"
            })
    void a_schedule_that_cannot_work_is_refused_before_it_runs(String config) {
        assertThatThrownBy(() -> AgentKit.of(new CronAgentType(), config)).isInstanceOf(HelixException.class);
    }

    private static AgentKit started(String config) throws Exception {
        return AgentKit.of(new CronAgentType(), "{" + config + "}").start();
    }

    private static List<String> ids(AgentKit kit) {
        return kit.emitted().stream().map(it -> String.valueOf(it.id())).toList();
    }
}
