package io.helix.api.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.Health;
import io.helix.api.Page;
import io.helix.api.agent.AgentDescriptor;
import io.helix.api.agent.PluginSource.Plugin;
import io.helix.api.agent.PluginSource.Trial;
import io.helix.api.agent.WebhookReceiver;
import io.helix.api.document.Document;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import io.helix.api.event.Event;
import io.helix.api.event.StoredMessage;
import io.helix.api.recipe.Run;
import io.helix.api.rule.ConditionReport;
import io.helix.api.store.ApiKeys.ApiKey;
import io.helix.api.store.Projection.AuditEntry;
import io.helix.api.store.Projection.AuditQuery;
import io.helix.api.store.Projection.EventEntry;
import io.helix.api.store.Projection.EventQuery;
import io.helix.api.store.Projection.RunQuery;
import io.helix.api.vault.Vault;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * All that REST, shell and console may do. Every method with a {@link Caller} decides by policy first and fails with
 * FORBIDDEN, naming the policies; NOT_FOUND for a profile that does not exist. Thread safe.
 */
@ProviderType
public interface ControlPlane {
    /** Ready is when none is STARTING or DOWN. Needs no caller: it tells nothing about users' data. */
    List<Health> health();

    /** The caller behind a presented API key ({@code hlx_<id>_<secret>}); empty when it is not valid. */
    Optional<Caller> authenticate(String apiKey, String remoteAddress);

    /** The operator at the local console: admin of all profiles. */
    Caller localOperator(String name);

    // --- documents

    /**
     * Applies a stream of YAML or JSON documents, all or nothing.
     *
     * @throws io.helix.api.HelixException INVALID with one problem per wrong place, and per failed test of a rule unless
     *     forced
     */
    List<Applied> apply(Caller caller, String profile, String documents, ApplyOptions options);

    /**
     * Applies one document at an expected revision; 0 means that it must not exist, null means whatever it is.
     *
     * @param force whether failed tests of a rule are warnings only
     */
    Applied put(Caller caller, DocumentKey key, ObjectNode content, @Nullable Long expected, boolean force);

    /**
     * @param dryRun only say what would change
     * @param force failed tests of rules are warnings only
     */
    record ApplyOptions(boolean dryRun, boolean force) {
        public static final ApplyOptions PLAIN = new ApplyOptions(false, false);
    }

    void delete(Caller caller, DocumentKey key, @Nullable Long expected);

    Optional<Document> find(Caller caller, DocumentKey key);

    Page<Document> list(Caller caller, String profile, Kind kind, @Nullable String cursor, int limit);

    List<Document> history(Caller caller, DocumentKey key, int limit);

    /** @param diff unified diff of the YAML form; empty when unchanged */
    record Applied(DocumentKey key, Outcome outcome, long revision, String diff, List<String> warnings) {
        public enum Outcome {
            CREATED,
            UPDATED,
            UNCHANGED,
            DELETED
        }
    }

    // --- events

    /** Whether an event would be taken right now; ask before reading a body. */
    boolean accepting();

    /** Completes when the event is durable. */
    CompletionStage<Published> publish(Caller caller, String profile, Event event);

    /** Hands a request to the source agent; NOT_FOUND when it is not running or takes no requests. */
    WebhookReceiver.Reply webhook(String profile, String agent, WebhookReceiver.Delivery delivery);

    Page<EventEntry> events(Caller caller, String profile, EventQuery query);

    /** @param eventId the id, or {@code source/id} where ids are not unique */
    Optional<Event> findEvent(Caller caller, String profile, String eventId);

    record Published(String id, long sequence, boolean duplicate) {}

    // --- rules and runs

    /** Why a rule did or did not fire for a stored event. */
    Explanation explain(Caller caller, String profile, String eventId, String rule);

    /** How the live rules of a profile are doing, by name. */
    List<RuleStatus> ruleStatus(Caller caller, String profile);

    /** Lets a suspended rule go on, with an empty memory. NOT_FOUND when the rule is not there; does nothing when it is live. */
    void resumeRule(Caller caller, String profile, String rule);

    /**
     * Runs the tests that are written in rules; nothing is stored or triggered.
     *
     * @param documents rules to test, applied or not; null for the stored rule of that name
     * @param rule null for all rules of {@code documents}
     */
    List<RuleTestReport> testRules(Caller caller, String profile, @Nullable String documents, @Nullable String rule);

    /**
     * What a rule would have done with the stored events of a time; nothing is stored or triggered.
     *
     * @param documents one rule; null for the stored one
     * @param rule the stored rule to test or to compare with; null to take the name in {@code documents}
     * @param to null for now
     */
    BackTest backTest(
            Caller caller,
            String profile,
            @Nullable String documents,
            @Nullable String rule,
            Instant from,
            @Nullable Instant to);

    /** Runs a recipe by hand; the run's id. */
    CompletionStage<String> run(Caller caller, String profile, String recipe, ObjectNode inputs, @Nullable Event event);

    Optional<Run> findRun(Caller caller, String profile, String runId);

    Page<Run> runs(Caller caller, String profile, RunQuery query);

    /**
     * @param roles what each role of the rule says to the event; a rule about one event has the one role {@code event}
     * @param where the condition on several events together; null when there is none, or when the event completes nothing
     * @param waiting events that the rule remembers, with the key of this event
     * @param throttle null when the rule has none
     * @param decision of the policies now, or null when the rule does not match
     * @param runs the runs that came of this event and rule
     */
    record Explanation(
            String eventId,
            String rule,
            long ruleRevision,
            boolean fires,
            String summary,
            List<RoleReport> roles,
            @Nullable WhereReport where,
            List<Waiting> waiting,
            @Nullable ThrottleReport throttle,
            @Nullable AuditEntry decision,
            List<Run> runs) {}

    /**
     * One role of a rule and one event.
     *
     * @param absent whether the role says what must not happen
     * @param matches whether the event can play the role
     * @param where the condition on this event alone; null when there is none
     * @param key what the event is grouped by, as JSON; null when the rule has no key or the event lacks it
     * @param note what else keeps the event from the role, e.g. that the key is absent; empty when nothing does
     */
    record RoleReport(
            String alias,
            boolean absent,
            boolean matches,
            List<ConditionReport> conditions,
            @Nullable WhereReport where,
            @Nullable String key,
            String note) {}

    /**
     * An event that a rule remembers.
     *
     * @param until when it can matter no more
     */
    record Waiting(String alias, String key, String eventId, Instant since, Instant until) {}

    /**
     * @param closedUntil null when it is open
     * @param held matches collected, or fired in the window so far
     */
    record ThrottleReport(String mode, String key, @Nullable Instant closedUntil, long held) {}

    /**
     * Counted since the start of the server.
     *
     * @param state {@code live}, {@code disabled} (by its document) or {@code suspended} (by Helix, for {@code reason})
     * @param remembers events that it keeps
     * @param throttled matches that its throttle held back
     * @param late events that came too late for its clock
     * @param failed how often a condition of this revision could not be evaluated (wrong types, a limit), which counts as not
     *     met
     * @param lastFailure why the last time; empty when it never failed
     */
    record RuleStatus(
            String name,
            long revision,
            String state,
            String reason,
            long remembers,
            long fired,
            long throttled,
            long late,
            @Nullable Instant lastFired,
            long failed,
            String lastFailure) {}

    record RuleTestReport(String rule, List<RuleTestCase> cases) {
        public boolean passed() {
            return cases.stream().allMatch(RuleTestCase::passed);
        }
    }

    /** @param message why it failed; empty when it passed */
    record RuleTestCase(String name, boolean passed, String message, List<Firing> firings) {}

    /**
     * One time that a rule fires.
     *
     * @param key empty when the rule has none
     * @param events ids of the matched events, in order
     * @param with by recipe: the inputs it gets, or the reason why they cannot be resolved
     */
    record Firing(Instant time, String key, List<String> events, Map<String, JsonNode> with) {
        public Firing {
            events = List.copyOf(events);
            with = Map.copyOf(with);
        }
    }

    /**
     * @param events how many stored events of that time were looked at; those before it, which only fill windows, apart
     * @param complete false when a limit ended it before {@code to}
     * @param cut whether there are more firings than the lists show, or than were compared
     * @param current what the stored revision would have done; null when there is none
     * @param gained firings of the candidate that the stored revision would not have made, the first 1,000
     * @param lost firings that only the stored revision would have made, the first 1,000
     */
    record BackTest(
            String rule,
            Instant from,
            Instant to,
            long events,
            boolean complete,
            boolean cut,
            BackTestSide candidate,
            @Nullable BackTestSide current,
            List<Firing> gained,
            List<Firing> lost) {}

    /**
     * @param revision 0 when it is not stored
     * @param perDay by UTC day, days without a firing left out
     * @param firings the first 1,000
     */
    record BackTestSide(long revision, long fired, long throttled, Map<LocalDate, Long> perDay, List<Firing> firings) {}

    record WhereReport(String source, boolean passed, String outcome) {}

    // --- agents and plugins

    List<AgentDescriptor> agentTypes(Caller caller, String profile);

    List<AgentStatus> agents(Caller caller, String profile);

    List<Plugin> plugins(Caller caller);

    /** What is known of one plugin, as {@link io.helix.api.agent.PluginSource#describe} gives it. */
    ObjectNode plugin(Caller caller, String name);

    /**
     * Puts a file into the deploy folder and takes it up. When it is refused, the folder and what runs are as before.
     *
     * @param fileName with the suffix of its format, without path
     * @param signature the contents of {@code <file>.sig}; null for none
     * @param before what must be there under that name before
     * @throws io.helix.api.HelixException INVALID when it is refused, CONFLICT, NOT_FOUND, FORBIDDEN
     */
    Plugin installPlugin(Caller caller, String fileName, byte[] content, @Nullable String signature, Before before);

    /** What must be there before something takes its place. */
    enum Before {
        NOTHING,
        SOMETHING,
        ANYTHING
    }

    /** Removes the file of a plugin and withdraws its agent types. Calls that are running finish. */
    void removePlugin(Caller caller, String name);

    /** Calls a plugin without effects, as {@link io.helix.api.agent.PluginSource#tryOut} does. */
    List<JsonNode> tryPlugin(Caller caller, String name, Trial trial);

    /**
     * @param state {@code running}, {@code idle} (a transformer or action, used by steps), {@code starting}, {@code failed},
     *     {@code disabled} or {@code waiting} (its type is not deployed)
     */
    record AgentStatus(
            String name,
            String type,
            String kind,
            String state,
            String detail,
            @Nullable Instant since,
            long events,
            long failures) {}

    // --- policies and audit

    Page<AuditEntry> audit(Caller caller, String profile, AuditQuery query);

    // --- credentials

    Vault.Version putCredential(Caller caller, String profile, String name, byte[] secret);

    List<Vault.Version> credentials(Caller caller, String profile);

    void deleteCredential(Caller caller, String profile, String name);

    // --- facts

    /** What is set, by name. */
    List<Fact> facts(Caller caller, String profile);

    /** Empty when it is not set. */
    Optional<Fact> fact(Caller caller, String profile, String name);

    /** Sets a fact from now on, whatever it was. */
    Fact setFact(Caller caller, String profile, String name, JsonNode value);

    /** @throws io.helix.api.HelixException NOT_FOUND when it is not set */
    void removeFact(Caller caller, String profile, String name);

    /**
     * Something that is known in a profile beside its events; {@code facts.name} in expressions.
     *
     * @param value any JSON but null, at most 1,024 characters
     * @param since when it became so
     * @param author who set it
     */
    record Fact(String name, JsonNode value, Instant since, String author) {}

    // --- API keys

    /** The presentable key is in the answer and nowhere else. */
    NewApiKey createApiKey(
            Caller caller,
            String profile,
            String name,
            Set<String> roles,
            Set<String> scopes,
            @Nullable Instant expires);

    List<ApiKey> apiKeys(Caller caller, String profile);

    void deleteApiKey(Caller caller, String profile, String id);

    record NewApiKey(ApiKey key, String presentable) {}

    // --- dead letters

    List<StoredMessage> deadLetters(Caller caller, String profile, @Nullable Long before, int limit);

    /** Publishes the message again on its channel, with {@code body} in place of its own unless null, and removes it. */
    CompletionStage<Void> resend(Caller caller, String profile, long sequence, @Nullable JsonNode body);

    void deleteDeadLetter(Caller caller, String profile, long sequence);

    // --- status and live view

    Status status(Caller caller);

    /** Calls {@code watcher} for everything that happens in a profile; never blocks on it: a slow watcher loses items. */
    AutoCloseable watch(Caller caller, String profile, Consumer<LiveItem> watcher);

    record Status(
            String version,
            Instant started,
            List<Health> health,
            int profiles,
            int rules,
            int recipes,
            int agents,
            int agentTypes) {}
}
