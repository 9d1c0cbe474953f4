package io.helix.wasm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.agent.AgentContext;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.AgentFacts;
import io.helix.api.agent.AgentState;
import io.helix.api.agent.Credentials;
import io.helix.api.agent.HttpCaller;
import java.lang.System.Logger.Level;
import java.text.MessageFormat;
import java.time.InstantSource;
import java.util.ResourceBundle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A context without effects. */
final class DryContext implements AgentContext<ObjectNode> {
    /** A warm-up makes many calls in one context. */
    private static final int MOST_STORED = 200;

    private final ObjectNode config;
    private final InstantSource clock;
    private final Consumer<String> log;
    private final AgentState state;
    private final HttpCaller http;
    private final Credentials credentials;

    /** @param log takes lines such as {@code INFO text} */
    DryContext(ObjectNode config, InstantSource clock, Consumer<String> log) {
        this(
                config,
                clock,
                log,
                new DryState(MOST_STORED),
                DryContext::refuse,
                TrialWorld.empty().vault(new TrialSecrets()));
    }

    DryContext(
            ObjectNode config,
            InstantSource clock,
            Consumer<String> log,
            AgentState state,
            HttpCaller http,
            Credentials credentials) {
        this.config = config;
        this.clock = clock;
        this.log = log;
        this.state = state;
        this.http = http;
        this.credentials = credentials;
    }

    private static HttpCaller.Response refuse(HttpCaller.Request request) throws AgentException {
        throw AgentException.retryable(TrialWorld.NO_EFFECTS);
    }

    @Override
    public String profile() {
        return "trial";
    }

    @Override
    public String agent() {
        return "trial";
    }

    @Override
    public ObjectNode config() {
        return config;
    }

    @Override
    public Credentials credentials() {
        return credentials;
    }

    @Override
    public AgentState state() {
        return state;
    }

    /** A guest has no way to them. */
    @Override
    public AgentFacts facts() {
        throw new UnsupportedOperationException("plugins set no facts");
    }

    @Override
    public HttpCaller http() {
        return http;
    }

    @Override
    public System.Logger log() {
        return new System.Logger() {
            @Override
            public String getName() {
                return "io.helix.agent";
            }

            @Override
            public boolean isLoggable(Level level) {
                return true;
            }

            @Override
            public void log(
                    Level level,
                    @Nullable ResourceBundle bundle,
                    @Nullable String message,
                    @Nullable Throwable thrown) {
                log.accept(level + " " + message);
            }

            @Override
            public void log(
                    Level level,
                    @Nullable ResourceBundle bundle,
                    @Nullable String format,
                    @Nullable Object... parameters) {
                log.accept(level + " " + MessageFormat.format(String.valueOf(format), parameters));
            }
        };
    }

    @Override
    public InstantSource clock() {
        return clock;
    }

    @Override
    public void requireEmit(String type, int bytes) {
        // Nothing is published, so nobody has to permit it.
    }

    @Override
    public void refused(String action, String resourceType, String name, String reason) {
        // Nothing is recorded either: the guest is told, and what it says is shown.
    }

    @Override
    public boolean cancelled() {
        return false;
    }
}
