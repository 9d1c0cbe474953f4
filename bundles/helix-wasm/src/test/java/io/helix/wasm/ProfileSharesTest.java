package io.helix.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.wasm.ProfileShares.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProfileSharesTest {
    private static final Share USUAL = new Share(64, 1_000);

    private final List<String> complaints = new ArrayList<>();

    private ProfileShares read(Map<String, ?> configuration) {
        return ProfileShares.read(configuration, USUAL, complaints::add);
    }

    @Test
    void a_profile_that_is_not_named_has_the_usual() {
        assertThat(read(Map.of("profile.calls.max", "7", "profile.memory.pages.max", "8"))
                        .of("acme"))
                .isEqualTo(USUAL);
        assertThat(complaints).isEmpty();
    }

    @Test
    void a_profile_may_be_given_other_calls_or_other_memory_or_both() {
        ProfileShares shares = read(Map.of(
                "profile.calls.max.acme", " 2 ",
                "profile.memory.pages.max.acme", 300,
                "profile.calls.max.busy-1", "128",
                "profile.memory.pages.max.large", "9000"));

        assertThat(shares.of("acme")).isEqualTo(new Share(2, 300));
        assertThat(shares.of("busy-1")).isEqualTo(new Share(128, 1_000));
        assertThat(shares.of("large")).isEqualTo(new Share(64, 9_000));
        assertThat(shares.of("other")).isEqualTo(USUAL);
        assertThat(complaints).isEmpty();
    }

    @Test
    void a_value_that_is_not_a_number_above_0_is_named_with_its_key_and_the_usual_holds() {
        for (String wrong : List.of("many", "", "0", "-1", "1.5", "99999999999")) {
            complaints.clear();

            ProfileShares shares = read(Map.of("profile.calls.max.acme", wrong, "profile.memory.pages.max.acme", "5"));

            assertThat(shares.of("acme")).isEqualTo(new Share(64, 5));
            assertThat(complaints)
                    .containsExactly("profile.calls.max.acme = '" + wrong
                            + "' is not a whole number from 1 to 2147483647; profile acme has 64, as others have");
        }
    }

    @Test
    void a_key_without_the_name_of_a_profile_is_named() {
        read(Map.of("profile.calls.max.", "5"));
        read(Map.of("profile.memory.pages.max.Acme Inc", "5"));

        assertThat(complaints)
                .containsExactly(
                        "profile.calls.max. does not end with the name of a profile; it is left out",
                        "profile.memory.pages.max.Acme Inc does not end with the name of a profile; it is left out");
    }

    @Test
    void each_profile_gets_its_own_share_of_calls_and_memory() throws Exception {
        Budgets budgets =
                new Budgets(read(Map.of("profile.calls.max.small", "1", "profile.memory.pages.max.small", "10")));

        assertThat(budgets.beginCall("small", Duration.ZERO)).isTrue();
        assertThat(budgets.beginCall("small", Duration.ZERO)).isFalse();
        assertThat(budgets.beginErrand("small")).isTrue();
        assertThat(budgets.beginErrand("small")).isFalse();
        assertThat(budgets.reserve("small", 10)).isTrue();
        assertThat(budgets.reserve("small", 1)).isFalse();
        assertThat(budgets.beginCall("other", Duration.ZERO)).isTrue();
        assertThat(budgets.beginCall("other", Duration.ZERO)).isTrue();
        assertThat(budgets.reserve("other", 1_000)).isTrue();
    }
}
