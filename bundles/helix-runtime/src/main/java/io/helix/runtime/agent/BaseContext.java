package io.helix.runtime.agent;

import io.helix.api.HelixException;
import io.helix.api.agent.AgentContext;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.AgentState;
import io.helix.api.agent.Credentials;
import io.helix.api.agent.HttpCaller;
import io.helix.api.policy.Decision;
import io.helix.api.policy.EntityRef;
import io.helix.runtime.access.Gate;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
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
        BooleanSupplier isCancelled) {
    private static final int MAX_KEY = 200;
    private static final int MAX_VALUE = 64 * 1024;

    Credentials credentials() {
        return new Credentials() {
            @Override
            public <T> T use(String name, String purpose, Function<byte[], T> use) {
                Decision decision = services.gate().readCredential(principal, profile, name, purpose);
                services.gate()
                        .record(
                                profile,
                                principal.ref().toString(),
                                "readCredential",
                                new EntityRef("Credential", profile + "/" + name),
                                decision,
                                eventId);
                Gate.refuseUnlessPermitted(decision, "agent '" + agent + "' may not read credential '" + name + "'");
                return services.vault().use(profile, name, use);
            }
        };
    }

    AgentState state() {
        return new AgentState() {
            @Override
            public Optional<String> get(String key) {
                return services.states().get(profile, agent, bounded(key));
            }

            @Override
            public void put(String key, String value) {
                services.states().put(profile, agent, bounded(key), boundedValue(value));
            }

            @Override
            public boolean putIfAbsent(String key, String value) {
                return services.states().putIfAbsent(profile, agent, bounded(key), boundedValue(value));
            }

            @Override
            public void remove(String key) {
                services.states().remove(profile, agent, bounded(key));
            }
        };
    }

    private static String bounded(String key) {
        if (key.isEmpty() || key.length() > MAX_KEY) {
            throw HelixException.invalid("a state key has 1 to " + MAX_KEY + " characters");
        }
        return key;
    }

    private static String boundedValue(String value) {
        if (value.length() > MAX_VALUE || value.getBytes(StandardCharsets.UTF_8).length > MAX_VALUE) {
            throw HelixException.invalid("a state value has at most " + MAX_VALUE + " bytes");
        }
        return value;
    }

    HttpCaller http() {
        return request -> services.http().call(request, this::checkHttp);
    }

    private void checkHttp(String method, URI uri) throws AgentException {
        Decision decision = services.gate().callHttp(principal, profile, method, uri);
        if (!decision.permitted()) {
            services.gate()
                    .record(
                            profile,
                            principal.ref().toString(),
                            "callHttp",
                            new EntityRef("HttpHost", profile + "/" + uri.getHost()),
                            decision,
                            eventId);
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
        public boolean cancelled() {
            return base.isCancelled().getAsBoolean();
        }
    }
}
