package io.helix.api.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.Health;
import io.helix.api.Page;
import io.helix.api.agent.AgentDescriptor;
import io.helix.api.agent.PluginSource.Plugin;
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
import java.util.List;
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
     * @param dryRun only say what would change
     * @throws io.helix.api.HelixException INVALID with one problem per wrong place
     */
    List<Applied> apply(Caller caller, String profile, String documents, boolean dryRun);

    /** Applies one document at an expected revision; 0 means that it must not exist, null means whatever it is. */
    Applied put(Caller caller, DocumentKey key, ObjectNode content, @Nullable Long expected);

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

    /** Runs a recipe by hand; the run's id. */
    CompletionStage<String> run(Caller caller, String profile, String recipe, ObjectNode inputs, @Nullable Event event);

    Optional<Run> findRun(Caller caller, String profile, String runId);

    Page<Run> runs(Caller caller, String profile, RunQuery query);

    /**
     * @param where the {@code where} expression with its outcome, or null when the rule has none
     * @param decision of the policies now, or null when the rule does not match
     * @param runs the runs that came of this event and rule
     */
    record Explanation(
            String eventId,
            String rule,
            long ruleRevision,
            boolean fires,
            String summary,
            List<ConditionReport> conditions,
            @Nullable WhereReport where,
            @Nullable AuditEntry decision,
            List<Run> runs) {}

    record WhereReport(String source, boolean passed, String outcome) {}

    // --- agents and plugins

    List<AgentDescriptor> agentTypes(Caller caller, String profile);

    List<AgentStatus> agents(Caller caller, String profile);

    List<Plugin> plugins(Caller caller);

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
