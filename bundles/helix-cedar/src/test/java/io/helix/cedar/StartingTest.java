package io.helix.cedar;

import static io.helix.cedar.Requests.ask;
import static io.helix.cedar.Requests.event;
import static io.helix.cedar.Requests.owned;
import static io.helix.cedar.Requests.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.helix.api.ErrorKind;
import io.helix.api.Health;
import io.helix.api.HelixException;
import io.helix.api.policy.AuthorizationRequest;
import io.helix.api.policy.Decision;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StartingTest {
    private static final AuthorizationRequest TRIGGER =
            ask(rule("demo", "r"), "triggerRecipe", owned("Recipe", "demo", "triage"), event(1));

    @Test
    void everythingIsForbiddenUntilTheLibraryIsLoaded() {
        CedarAuthorizer starting = new CedarAuthorizer(new CompletableFuture<>());
        assertThat(starting.decide(TRIGGER)).isEqualTo(new Decision.Forbid(List.of(), "authorizer is starting"));
        assertThat(starting.health().state()).isEqualTo(Health.State.STARTING);
    }

    @Test
    void everythingIsForbiddenWhenTheLibraryDidNotLoad() {
        CedarAuthorizer broken =
                new CedarAuthorizer(CompletableFuture.failedFuture(new UnsatisfiedLinkError("no library")));
        assertThat(broken.decide(TRIGGER).permitted()).isFalse();
        assertThat(broken.health().state()).isEqualTo(Health.State.DOWN);
        assertThat(broken.health().detail()).contains("no library");
        assertThatThrownBy(() -> broken.replace("demo", Map.of("p", "permit (principal, action, resource);")))
                .isInstanceOfSatisfying(
                        HelixException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(ErrorKind.UNAVAILABLE));
    }

    @Test
    void itComesUpByItself() {
        CedarAuthorizer authorizer = new CedarAuthorizer();
        await().until(() -> authorizer.health().state() == Health.State.UP);
    }
}
