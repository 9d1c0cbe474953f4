package io.helix.runtime.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.Names;
import io.helix.api.agent.AgentContext;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.AgentFacts;
import io.helix.api.agent.AgentState;
import io.helix.api.agent.Credentials;
import io.helix.api.agent.HttpCaller;
import io.helix.api.policy.Decision;
import io.helix.api.policy.EntityRef;
import io.helix.runtime.access.Gate;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The part of every context that does not depend on the kind of agent.
 *
 * @param principal who reads credentials and calls HTTP servers, for the policies
 */
record BaseContext(
        AgentServices services,
        String profile,
        String agent,
        Object configuration,
        Gate.Principal principal,
        @Nullable String eventId,
        Emission emission,
        BooleanSupplier isCancelled) {
    void requireEmit(String type, int bytes) {
        if (emission.isPublished()) {
            Decision decision = services.gate().publish(principal, profile, type, emission.depth(), bytes);
            services.gate().requirePublish(decision, principal, profile, type, eventId);
        }
    }

    void refused(String action, String resourceType, String name, String reason) {
        record(action, new EntityRef(resourceType, profile + "/" + name), new Decision.Forbid(List.of(), reason));
    }

    private void record(String action, EntityRef resource, Decision decision) {
        services.gate().record(profile, principal.ref().toString(), action, resource, decision, eventId);
    }

    Credentials credentials() {
        return new Credentials() {
            @Override
            public <T> T use(String name, String purpose, Function<byte[], T> use) {
                Decision decision = services.gate().readCredential(principal, profile, name, purpose);
                record("readCredential", new EntityRef("Credential", profile + "/" + name), decision);
                Gate.refuseUnlessPermitted(decision, "agent '" + agent + "' may not read credential '" + name + "'");
                return services.vault().use(profile, name, use);
            }
        };
    }

    AgentState state() {
        requireState();
        return new KeptState(services.states(), services.quotas(), services.clock(), profile, agent);
    }

    private void requireState() {
        Decision decision = services.gate().keepState(principal, profile, agent);
        if (!decision.permitted()) {
            record("keepState", new EntityRef("StateKey", profile + "/" + agent), decision);
        }
        Gate.refuseUnlessPermitted(decision, "agent '" + agent + "' may not keep state");
    }

    AgentFacts facts() {
        return new AgentFacts() {
            @Override
            public void set(String name, JsonNode value) {
                requireFact(name);
                services.facts().set(profile, name, value, principal.ref().toString());
            }

            @Override
            public boolean remove(String name) {
                requireFact(name);
                return services.facts().remove(profile, name, principal.ref().toString());
            }
        };
    }

    private void requireFact(String name) {
        Names.requireFact(name);
        Decision decision = services.gate().setFact(principal, profile, name);
        record("setFact", new EntityRef("Fact", profile + "/" + name), decision);
        Gate.refuseUnlessPermitted(decision, "agent '" + agent + "' may not set fact '" + name + "'");
    }

    HttpCaller http() {
        return request -> {
            try {
                return services.http().call(request, this::checkHttp);
            } catch (AgentException e) {
                if (e.getCause() instanceof EgressGuard.NotPublic host) {
                    refused("callHttp", "HttpHost", host.host(), String.valueOf(e.getMessage()));
                }
                throw e;
            }
        };
    }

    private void checkHttp(String method, URI uri) throws AgentException {
        Decision decision = services.gate().callHttp(principal, profile, method, uri);
        if (!decision.permitted()) {
            record("callHttp", new EntityRef("HttpHost", profile + "/" + uri.getHost()), decision);
            throw AgentException.permanent(
                    "policy forbids agent '" + agent + "' to call " + uri.getHost() + ": " + decision.reason());
        }
    }

    System.Logger log() {
        return new AgentLog(profile, agent);
    }

    InstantSource clock() {
        return services.clock();
    }

    @SuppressWarnings("unchecked") // the configuration was made by the same agent type as the agent
    static <C> C cast(Object configuration) {
        return (C) configuration;
    }

    /** Delegates the common methods; the three contexts add their own. */
    abstract static class Common<C> implements AgentContext<C> {
        final BaseContext base;

        Common(BaseContext base) {
            this.base = base;
        }

        @Override
        public String profile() {
            return base.profile();
        }

        @Override
        public String agent() {
            return base.agent();
        }

        @Override
        public C config() {
            return cast(base.configuration());
        }

        @Override
        public Credentials credentials() {
            return base.credentials();
        }

        @Override
        public AgentState state() {
            return base.state();
        }

        @Override
        public AgentFacts facts() {
            return base.facts();
        }

        @Override
        public System.Logger log() {
            return base.log();
        }

        @Override
        public InstantSource clock() {
            return base.clock();
        }

        @Override
        public HttpCaller http() {
            return base.http();
        }

        @Override
        public void requireEmit(String type, int bytes) {
            base.requireEmit(type, bytes);
        }

        @Override
        public void refused(String action, String resourceType, String name, String reason) {
            base.refused(action, resourceType, name, reason);
        }

        @Override
        public boolean cancelled() {
            return base.isCancelled().getAsBoolean();
        }
    }
}
