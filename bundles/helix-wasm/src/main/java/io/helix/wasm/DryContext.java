package io.helix.wasm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentContext;
import io.helix.api.agent.AgentException;
import io.helix.api.agent.AgentState;
import io.helix.api.agent.Credentials;
import io.helix.api.agent.HttpCaller;
import java.lang.System.Logger.Level;
import java.text.MessageFormat;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A context without effects: what is stored is forgotten, and nothing goes out. */
final class DryContext implements AgentContext<ObjectNode> {
    private static final String NO_EFFECTS = "this is a trial run without effects";

    private static final int MOST_STORED = 200;

    private final ObjectNode config;
    private final InstantSource clock;
    private final Consumer<String> log;
    private final ConcurrentSkipListMap<String, String> stored = new ConcurrentSkipListMap<>();

    /** @param log takes lines such as {@code INFO text} */
    DryContext(ObjectNode config, InstantSource clock, Consumer<String> log) {
        this.config = config;
        this.clock = clock;
        this.log = log;
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
        return new Credentials() {
            @Override
            public <T> T use(String name, String purpose, Function<byte[], T> use) {
                throw HelixException.forbidden(NO_EFFECTS);
            }
        };
    }

    @Override
    public AgentState state() {
        return new AgentState() {
            @Override
            public Optional<String> get(String key) {
                return Optional.ofNullable(stored.get(key));
            }

            @Override
            public void change(Collection<Change> changes) {
                check(changes);
                changes.forEach(DryContext.this::make);
            }

            @Override
            public void check(Collection<Change> changes) {
                requireRoom();
            }

            @Override
            public boolean putIfAbsent(String key, String value) {
                requireRoom();
                return stored.putIfAbsent(key, value) == null;
            }

            @Override
            public List<String> keys(String prefix, int limit) {
                return stored.tailMap(prefix, true).keySet().stream()
                        .takeWhile(key -> key.startsWith(prefix))
                        .limit(limit)
                        .toList();
            }
        };
    }

    private void make(AgentState.Change change) {
        if (change.value() == null) {
            stored.remove(change.key());
        } else {
            stored.put(change.key(), change.value());
        }
    }

    /** A warm-up makes many calls in one context. */
    private void requireRoom() {
        if (stored.size() >= MOST_STORED) {
            throw HelixException.conflict("a trial run keeps at most " + MOST_STORED + " values");
        }
    }

    @Override
    public HttpCaller http() {
        return request -> {
            throw AgentException.retryable(NO_EFFECTS);
        };
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
