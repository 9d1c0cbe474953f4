package io.helix.cedar;

import io.helix.api.Health;
import io.helix.api.HealthCheck;
import io.helix.api.HelixException;
import io.helix.api.Problem;
import io.helix.api.policy.AuthorizationRequest;
import io.helix.api.policy.Authorizer;
import io.helix.api.policy.Decision;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forbids everything until the native library is there, which takes a moment and has a thread of its own. */
@Component(
        service = {Authorizer.class, HealthCheck.class},
        immediate = true)
public final class CedarAuthorizer implements Authorizer, HealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(CedarAuthorizer.class);
    private static final int LOAD_SECONDS = 60;

    private final CompletableFuture<PolicyBook> book;

    @Activate
    public CedarAuthorizer() {
        this(CompletableFuture.supplyAsync(
                PolicyBook::load,
                task -> Thread.ofPlatform().daemon().name("helix-cedar-load").start(task)));
    }

    CedarAuthorizer(CompletableFuture<PolicyBook> book) {
        this.book = book.whenComplete((loaded, failure) -> {
            if (failure != null) {
                LOG.error("Cedar did not load, so everything is forbidden", failure);
            }
        });
    }

    @Override
    public Decision decide(AuthorizationRequest request) {
        return switch (book.state()) {
            case SUCCESS -> book.resultNow().decide(request);
            case RUNNING -> new Decision.Forbid(List.of(), "authorizer is starting");
            case FAILED, CANCELLED -> new Decision.Forbid(List.of(), "authorizer is down: " + cause());
        };
    }

    @Override
    public void replace(String profile, Map<String, String> policies) {
        loaded().replace(profile, policies);
    }

    @Override
    public List<Problem> validate(String policyId, String text) {
        return loaded().validate(policyId, text);
    }

    @Override
    public Map<String, String> defaults(String profile) {
        return BundledPolicies.defaults(profile);
    }

    @Override
    public Health health() {
        return switch (book.state()) {
            case SUCCESS -> new Health("cedar", Health.State.UP, "policies are evaluated");
            case RUNNING -> new Health("cedar", Health.State.STARTING, "the native library is being loaded");
            case FAILED, CANCELLED ->
                new Health(
                        "cedar",
                        Health.State.DOWN,
                        "the native library needs Linux on x86_64 or aarch64 with glibc, and a restart of the server"
                                + " after an update of this bundle: " + cause());
        };
    }

    private String cause() {
        return book.isCompletedExceptionally() ? String.valueOf(book.exceptionNow()) : "cancelled";
    }

    /** Administration waits for the library; it is there within seconds, or never. */
    private PolicyBook loaded() {
        try {
            return book.get(LOAD_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw HelixException.unavailable("The authorizer has not started; see its health");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HelixException.unavailable("Interrupted while the authorizer was starting");
        }
    }
}
