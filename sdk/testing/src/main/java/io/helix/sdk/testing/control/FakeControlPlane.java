package io.helix.sdk.testing.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.ErrorKind;
import io.helix.api.Health;
import io.helix.api.HelixException;
import io.helix.api.Page;
import io.helix.api.Problem;
import io.helix.api.agent.AgentDescriptor;
import io.helix.api.agent.PluginSource.Plugin;
import io.helix.api.agent.PluginSource.Trial;
import io.helix.api.agent.WebhookReceiver;
import io.helix.api.control.Caller;
import io.helix.api.control.ControlPlane;
import io.helix.api.control.LiveItem;
import io.helix.api.document.Document;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import io.helix.api.event.Event;
import io.helix.api.event.EventFormat;
import io.helix.api.event.StoredMessage;
import io.helix.api.recipe.Run;
import io.helix.api.store.ApiKeys.ApiKey;
import io.helix.api.store.Projection.AuditEntry;
import io.helix.api.store.Projection.AuditQuery;
import io.helix.api.store.Projection.EventEntry;
import io.helix.api.store.Projection.EventQuery;
import io.helix.api.store.Projection.RunQuery;
import io.helix.api.vault.Vault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ControlPlane} in memory with one profile, {@code default}. Whoever has the role {@code viewer} may only read.
 * A test scripts it through the methods at the top and reads what was asked of it from the recorded lists.
 */
public final class FakeControlPlane implements ControlPlane {
    public static final String PROFILE = "default";
    /** A key of an admin. */
    public static final String ADMIN_KEY = "hlx_admin_secret";
    /** A key that may only read. */
    public static final String VIEWER_KEY = "hlx_viewer_secret";
    /** The time of everything the fake makes itself. */
    public static final Instant NOW = Instant.parse("2026-11-24T10:15:30Z");

    private final Map<String, Caller> callers = new ConcurrentHashMap<>();
    private final Map<String, List<Document>> documents = new ConcurrentSkipListMap<>();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<Run> runs = new CopyOnWriteArrayList<>();
    private final List<AuditEntry> decisions = new CopyOnWriteArrayList<>();
    private final List<AgentDescriptor> types = new CopyOnWriteArrayList<>();
    private final List<AgentStatus> agents = new CopyOnWriteArrayList<>();
    private final List<Plugin> plugins = new CopyOnWriteArrayList<>();
    private final List<ApiKey> keys = new CopyOnWriteArrayList<>();
    private final List<StoredMessage> deadLetters = new CopyOnWriteArrayList<>();
    private final Map<String, Vault.Version> credentials = new ConcurrentSkipListMap<>();
    private final Map<String, Fact> facts = new ConcurrentSkipListMap<>();
    private final Map<String, byte[]> secrets = new ConcurrentHashMap<>();
    private final Map<String, Explanation> explanations = new ConcurrentHashMap<>();
    private final List<Consumer<LiveItem>> watchers = new CopyOnWriteArrayList<>();
    private final List<Resent> resent = new CopyOnWriteArrayList<>();
    private final List<Started> started = new CopyOnWriteArrayList<>();
    private final List<WebhookReceiver.Delivery> deliveries = new CopyOnWriteArrayList<>();
    private final Map<String, RuleStatus> ruleStatus = new ConcurrentSkipListMap<>();
    private final Map<String, RuleTestReport> ruleTests = new ConcurrentHashMap<>();
    private final Map<String, BackTest> backTests = new ConcurrentHashMap<>();
    private final List<String> resumed = new CopyOnWriteArrayList<>();
    private final List<BackTested> backTested = new CopyOnWriteArrayList<>();

    private volatile List<Health> health = List.of(new Health("nats", Health.State.UP, "connected"));
    private volatile boolean accepting = true;
    private volatile WebhookReceiver.@Nullable Reply reply;
    private volatile @Nullable RuntimeException failure;
    private volatile @Nullable CompletionStage<Published> publication;

    /** What {@link #resend} was asked. */
    public record Resent(long sequence, @Nullable JsonNode body) {}

    /** What {@link #run} was asked. */
    public record Started(
            String recipe, ObjectNode inputs, @Nullable Event event) {}

    /** What {@link #backTest} was asked. */
    public record BackTested(
            @Nullable String documents,
            @Nullable String rule,
            Instant from,
            @Nullable Instant to) {}

    public FakeControlPlane() {
        callers.put(ADMIN_KEY, new Caller("ApiKey", "admin", "*", Set.of("admin"), Set.of("admin"), "127.0.0.1"));
        callers.put(VIEWER_KEY, new Caller("ApiKey", "viewer", PROFILE, Set.of("viewer"), Set.of("read"), "127.0.0.1"));
        store(new DocumentKey(PROFILE, Kind.PROFILE, PROFILE), shell(Kind.PROFILE, PROFILE), "system");
    }

    // --- what tests script

    /** Every further call that decides by policy fails with this; null ends it. */
    public void failWith(@Nullable RuntimeException failure) {
        this.failure = failure;
    }

    public void health(List<Health> health) {
        this.health = List.copyOf(health);
    }

    public void accepting(boolean accepting) {
        this.accepting = accepting;
    }

    /** Every further publish is answered with this; null goes back to storing. */
    public void answerPublish(@Nullable CompletionStage<Published> publication) {
        this.publication = publication;
    }

    /** Every further webhook is answered with this; null means that the agent does not run. */
    public void answerWebhook(WebhookReceiver.@Nullable Reply reply) {
        this.reply = reply;
    }

    public void revoke(String key) {
        callers.remove(key);
    }

    public void add(Run run) {
        runs.add(0, run);
    }

    public void add(AuditEntry decision) {
        decisions.add(0, decision);
    }

    public void add(AgentDescriptor type) {
        types.add(type);
    }

    public void add(AgentStatus agent) {
        agents.add(agent);
    }

    public void add(Plugin plugin) {
        plugins.add(plugin);
    }

    public void add(StoredMessage deadLetter) {
        deadLetters.add(0, deadLetter);
    }

    public void add(Event event) {
        events.add(event);
    }

    public void add(Explanation explanation) {
        explanations.put(explanation.eventId() + " " + explanation.rule(), explanation);
    }

    /** How a stored rule does from now on; without one, it is live and has done nothing. */
    public void add(RuleStatus status) {
        ruleStatus.put(status.name(), status);
    }

    /** What the tests of a rule say from now on; without one, a rule has no tests. */
    public void add(RuleTestReport report) {
        ruleTests.put(report.rule(), report);
    }

    /** What a back-test of a rule says from now on, but for its times; without one, nothing fires. */
    public void add(BackTest backTest) {
        backTests.put(backTest.rule(), backTest);
    }

    /** Stores a minimal document of the default profile. */
    public Document add(Kind kind, String name) {
        return store(new DocumentKey(PROFILE, kind, name), shell(kind, name), "tester");
    }

    public void emit(LiveItem item) {
        watchers.forEach(watcher -> watcher.accept(item));
    }

    public int watchers() {
        return watchers.size();
    }

    public List<Event> published() {
        return List.copyOf(events);
    }

    public List<Resent> resent() {
        return List.copyOf(resent);
    }

    public List<Started> started() {
        return List.copyOf(started);
    }

    /** The rules that {@link #resumeRule} was asked for. */
    public List<String> resumed() {
        return List.copyOf(resumed);
    }

    public List<BackTested> backTested() {
        return List.copyOf(backTested);
    }

    public List<WebhookReceiver.Delivery> deliveries() {
        return List.copyOf(deliveries);
    }

    /** What was stored for a credential; never null for one that {@link #credentials} lists. */
    public byte @Nullable [] secret(String name) {
        return secrets.get(name);
    }

    /** A document with nothing but its envelope. */
    public static ObjectNode shell(Kind kind, String name) {
        ObjectNode content = EventFormat.json().createObjectNode();
        content.put("apiVersion", "helix/v1").put("kind", kind.word());
        content.putObject("metadata").put("name", name);
        content.putObject("spec");
        return content;
    }

    // --- ControlPlane

    @Override
    public List<Health> health() {
        return health;
    }

    @Override
    public Optional<Caller> authenticate(String apiKey, String remoteAddress) {
        return Optional.ofNullable(callers.get(apiKey));
    }

    @Override
    public Caller localOperator(String name) {
        return new Caller("User", name, "*", Set.of("admin"), Set.of("admin"), "local");
    }

    @Override
    public List<Applied> apply(Caller caller, String profile, String text, ApplyOptions options) {
        decideWrite(caller, profile, "apply");
        List<ObjectNode> contents = parse(text);
        List<DocumentKey> keys =
                contents.stream().map(content -> key(profile, content)).toList();
        requireTests(keys, options.force());
        List<Applied> applied = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            applied.add(applied(caller, keys.get(i), contents.get(i), options.dryRun()));
        }
        return applied;
    }

    private static DocumentKey key(String profile, ObjectNode content) {
        return new DocumentKey(
                profile,
                Kind.ofWord(content.path("kind").asText()),
                content.path("metadata").path("name").asText());
    }

    private void requireTests(List<DocumentKey> keys, boolean force) {
        List<Problem> problems = keys.stream()
                .flatMap(key -> failedTests(key).map(failed -> new Problem(key.toString(), failed)))
                .toList();
        if (!force && !problems.isEmpty()) {
            throw new HelixException(ErrorKind.INVALID, "tests of rules fail", problems);
        }
    }

    private Stream<String> failedTests(DocumentKey key) {
        RuleTestReport report = key.kind() == Kind.RULE ? ruleTests.get(key.name()) : null;
        return report == null
                ? Stream.of()
                : report.cases().stream()
                        .filter(one -> !one.passed())
                        .map(one -> "test '" + one.name() + "' fails: " + one.message());
    }

    private static List<ObjectNode> parse(String text) {
        try (MappingIterator<ObjectNode> values =
                EventFormat.json().readerFor(ObjectNode.class).readValues(text)) {
            return values.readAll();
        } catch (JsonProcessingException e) {
            Problem problem = new Problem("line 1", "the fake reads JSON only");
            throw new HelixException(ErrorKind.INVALID, "the documents cannot be read", List.of(problem));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Applied put(Caller caller, DocumentKey key, ObjectNode content, @Nullable Long expected, boolean force) {
        decideWrite(caller, key.profile(), "apply");
        requireRevision(key, expected);
        requireTests(List.of(key), force);
        return applied(caller, key, content, false);
    }

    private Applied applied(Caller caller, DocumentKey key, ObjectNode content, boolean dryRun) {
        Optional<Document> before = newest(key);
        boolean same = before.isPresent() && before.get().content().equals(content);
        Applied.Outcome outcome = same
                ? Applied.Outcome.UNCHANGED
                : before.isPresent() ? Applied.Outcome.UPDATED : Applied.Outcome.CREATED;
        long revision = before.map(Document::revision).orElse(0L);
        if (!same && !dryRun) {
            revision = store(key, content, caller.id()).revision();
        }
        List<String> warnings = failedTests(key).toList();
        return new Applied(key, outcome, revision, same ? "" : "+ " + key + "\n", warnings);
    }

    @Override
    public void delete(Caller caller, DocumentKey key, @Nullable Long expected) {
        decideWrite(caller, key.profile(), "delete");
        requireRevision(key, expected);
        if (documents.remove(path(key)) == null) {
            throw HelixException.notFound("there is no " + key);
        }
    }

    private void requireRevision(DocumentKey key, @Nullable Long expected) {
        long revision = newest(key).map(Document::revision).orElse(0L);
        if (expected != null && expected != revision) {
            throw HelixException.conflict(key + " is at revision " + revision + ", not " + expected);
        }
    }

    @Override
    public Optional<Document> find(Caller caller, DocumentKey key) {
        decideRead(caller, key.profile());
        return newest(key);
    }

    @Override
    public Page<Document> list(Caller caller, String profile, Kind kind, @Nullable String cursor, int limit) {
        if (kind != Kind.PROFILE) {
            decideRead(caller, profile);
        }
        return page(documents(profile, kind), cursor, limit);
    }

    private List<Document> documents(String profile, Kind kind) {
        return documents.values().stream()
                .map(revisions -> revisions.get(revisions.size() - 1))
                .filter(document -> document.key().kind() == kind)
                .filter(document ->
                        kind == Kind.PROFILE || document.key().profile().equals(profile))
                .sorted(Comparator.comparing(document -> document.key().name()))
                .toList();
    }

    @Override
    public List<Document> history(Caller caller, DocumentKey key, int limit) {
        decideRead(caller, key.profile());
        List<Document> revisions = new ArrayList<>(documents.getOrDefault(path(key), List.of()));
        return revisions.reversed().stream().limit(limit).toList();
    }

    @Override
    public boolean accepting() {
        return accepting;
    }

    @Override
    public CompletionStage<Published> publish(Caller caller, String profile, Event event) {
        decideWrite(caller, profile, "publishEvent");
        CompletionStage<Published> scripted = publication;
        if (scripted != null) {
            return scripted;
        }
        boolean duplicate = events.stream().anyMatch(known -> known.identity().equals(event.identity()));
        if (!duplicate) {
            events.add(event);
        }
        return CompletableFuture.completedFuture(new Published(event.id(), events.size(), duplicate));
    }

    @Override
    public WebhookReceiver.Reply webhook(String profile, String agent, WebhookReceiver.Delivery delivery) {
        deliveries.add(delivery);
        fail();
        WebhookReceiver.Reply scripted = reply;
        if (scripted == null) {
            throw HelixException.notFound("no agent '" + agent + "' takes requests in profile '" + profile + "'");
        }
        return scripted;
    }

    @Override
    public Page<EventEntry> events(Caller caller, String profile, EventQuery query) {
        decideRead(caller, profile);
        String prefix = query.typePrefix() == null ? "" : query.typePrefix();
        List<EventEntry> found = new ArrayList<>();
        for (int i = events.size() - 1; i >= 0; i--) {
            if (events.get(i).type().startsWith(prefix)) {
                found.add(entry(i + 1, events.get(i)));
            }
        }
        return page(found, query.cursor(), query.limit());
    }

    private static EventEntry entry(long sequence, Event event) {
        int bytes = EventFormat.write(event).length;
        return new EventEntry(sequence, event.id(), event.source(), event.type(), event.subject(), event.time(), bytes);
    }

    @Override
    public Optional<Event> findEvent(Caller caller, String profile, String eventId) {
        decideRead(caller, profile);
        return events.stream()
                .filter(event -> event.id().equals(eventId) || event.identity().equals(eventId))
                .findFirst();
    }

    @Override
    public Explanation explain(Caller caller, String profile, String eventId, String rule) {
        decideRead(caller, profile);
        Explanation explanation = explanations.get(eventId + " " + rule);
        if (explanation == null) {
            throw HelixException.notFound("there is no event '" + eventId + "' or no rule '" + rule + "'");
        }
        return explanation;
    }

    @Override
    public List<RuleStatus> ruleStatus(Caller caller, String profile) {
        decideRead(caller, profile);
        return documents(profile, Kind.RULE).stream()
                .map(rule -> ruleStatus.getOrDefault(rule.key().name(), live(rule)))
                .toList();
    }

    private static RuleStatus live(Document rule) {
        return new RuleStatus(rule.key().name(), rule.revision(), "live", "", 0, 0, 0, 0, null, 0, "");
    }

    @Override
    public void resumeRule(Caller caller, String profile, String rule) {
        decideWrite(caller, profile, "resumeRule");
        requireRule(profile, rule);
        resumed.add(rule);
    }

    @Override
    public List<RuleTestReport> testRules(
            Caller caller, String profile, @Nullable String documents, @Nullable String rule) {
        decideRead(caller, profile);
        return namesOfRules(profile, documents, rule).stream()
                .map(name -> ruleTests.getOrDefault(name, new RuleTestReport(name, List.of())))
                .toList();
    }

    @Override
    public BackTest backTest(
            Caller caller,
            String profile,
            @Nullable String documents,
            @Nullable String rule,
            Instant from,
            @Nullable Instant to) {
        decideRead(caller, profile);
        String name = rule != null && documents != null
                ? rule
                : namesOfRules(profile, documents, rule).get(0);
        backTested.add(new BackTested(documents, rule, from, to));
        BackTest scripted = backTests.getOrDefault(name, nothingFires(name));
        return new BackTest(
                name,
                from,
                to == null ? NOW : to,
                scripted.events(),
                scripted.complete(),
                scripted.cut(),
                scripted.candidate(),
                scripted.current(),
                scripted.gained(),
                scripted.lost());
    }

    private static BackTest nothingFires(String rule) {
        BackTestSide nothing = new BackTestSide(1, 0, 0, Map.of(), List.of());
        return new BackTest(rule, NOW, NOW, 0, true, false, nothing, nothing, List.of(), List.of());
    }

    private List<String> namesOfRules(String profile, @Nullable String documents, @Nullable String rule) {
        if (documents == null) {
            String name = Objects.requireNonNull(rule, "documents or a rule");
            requireRule(profile, name);
            return List.of(name);
        }
        List<String> names = parse(documents).stream()
                .map(content -> key(profile, content))
                .filter(key -> key.kind() == Kind.RULE && (rule == null || rule.equals(key.name())))
                .map(DocumentKey::name)
                .toList();
        if (names.isEmpty()) {
            throw HelixException.invalid("the documents have no rule" + (rule == null ? "" : " '" + rule + "'"));
        }
        return names;
    }

    private void requireRule(String profile, String rule) {
        if (newest(new DocumentKey(profile, Kind.RULE, rule)).isEmpty()) {
            throw HelixException.notFound("there is no Rule/" + rule);
        }
    }

    @Override
    public CompletionStage<String> run(
            Caller caller, String profile, String recipe, ObjectNode inputs, @Nullable Event event) {
        decideWrite(caller, profile, "runRecipe");
        if (newest(new DocumentKey(profile, Kind.RECIPE, recipe)).isEmpty()) {
            throw HelixException.notFound("there is no Recipe/" + recipe);
        }
        started.add(new Started(recipe, inputs, event));
        return CompletableFuture.completedFuture("run-" + started.size());
    }

    @Override
    public Optional<Run> findRun(Caller caller, String profile, String runId) {
        decideRead(caller, profile);
        return runs.stream().filter(run -> run.id().equals(runId)).findFirst();
    }

    @Override
    public Page<Run> runs(Caller caller, String profile, RunQuery query) {
        decideRead(caller, profile);
        Predicate<Run> wanted = run -> (query.recipe() == null || query.recipe().equals(run.recipe()))
                && (query.rule() == null || query.rule().equals(run.rule()))
                && (query.eventId() == null || query.eventId().equals(run.eventId()))
                && (query.state() == null || query.state() == run.state());
        return page(runs.stream().filter(wanted).toList(), query.cursor(), query.limit());
    }

    @Override
    public List<AgentDescriptor> agentTypes(Caller caller, String profile) {
        decideRead(caller, profile);
        return List.copyOf(types);
    }

    @Override
    public List<AgentStatus> agents(Caller caller, String profile) {
        decideRead(caller, profile);
        return List.copyOf(agents);
    }

    @Override
    public List<Plugin> plugins(Caller caller) {
        fail();
        return List.copyOf(plugins);
    }

    @Override
    public ObjectNode plugin(Caller caller, String name) {
        fail();
        Plugin plugin = deployed(name);
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", plugin.name())
                .put("format", plugin.format())
                .put("version", plugin.version())
                .put("state", plugin.state());
    }

    private Plugin deployed(String name) {
        return plugins.stream()
                .filter(plugin -> plugin.name().equals(name))
                .findFirst()
                .orElseThrow(() -> HelixException.notFound("there is no plugin '" + name + "'"));
    }

    /** Takes any file but one whose content is "bad". */
    @Override
    public Plugin installPlugin(
            Caller caller, String fileName, byte[] content, @Nullable String signature, Before before) {
        decideWrite(caller, "default", "deployPlugin");
        boolean present = plugins.stream().anyMatch(plugin -> plugin.name().equals(fileName));
        if (before == Before.NOTHING && present) {
            throw HelixException.conflict("plugin " + fileName + " is there already; update or remove it");
        }
        if (before == Before.SOMETHING && !present) {
            throw HelixException.notFound("there is no plugin " + fileName + " to replace; install it");
        }
        if (new String(content, StandardCharsets.UTF_8).equals("bad")) {
            throw HelixException.invalid("plugin " + fileName + " is refused: the file is bad");
        }
        plugins.removeIf(plugin -> plugin.name().equals(fileName));
        String detail = signature == null ? "" : "signed " + signature;
        Plugin plugin = new Plugin(fileName, "1.0.0", "wasm", "active", detail, List.of());
        plugins.add(plugin);
        return plugin;
    }

    @Override
    public void removePlugin(Caller caller, String name) {
        decideWrite(caller, "default", "deployPlugin");
        plugins.remove(deployed(name));
    }

    @Override
    public List<JsonNode> tryPlugin(Caller caller, String name, Trial trial) {
        fail();
        deployed(name);
        ObjectNode call = JsonNodeFactory.instance
                .objectNode()
                .put("type", trial.type() == null ? "demo.first" : trial.type())
                .put("result", "done");
        call.set("event", trial.event());
        call.set("config", trial.config());
        return List.of(call);
    }

    @Override
    public Page<AuditEntry> audit(Caller caller, String profile, AuditQuery query) {
        decideRead(caller, profile);
        Predicate<AuditEntry> wanted = entry -> (query.permitted() == null || query.permitted() == entry.permitted())
                && (query.action() == null || query.action().equals(entry.action()))
                && (query.eventId() == null || query.eventId().equals(entry.eventId()));
        return page(decisions.stream().filter(wanted).toList(), query.cursor(), query.limit());
    }

    @Override
    public Vault.Version putCredential(Caller caller, String profile, String name, byte[] secret) {
        decideWrite(caller, profile, "putCredential");
        int version = credentials.containsKey(name) ? credentials.get(name).version() + 1 : 1;
        Vault.Version stored = new Vault.Version(name, version, caller.id(), NOW);
        credentials.put(name, stored);
        secrets.put(name, secret.clone());
        return stored;
    }

    @Override
    public List<Vault.Version> credentials(Caller caller, String profile) {
        decideRead(caller, profile);
        return List.copyOf(credentials.values());
    }

    @Override
    public void deleteCredential(Caller caller, String profile, String name) {
        decideWrite(caller, profile, "deleteCredential");
        secrets.remove(name);
        if (credentials.remove(name) == null) {
            throw HelixException.notFound("there is no credential '" + name + "'");
        }
    }

    @Override
    public List<Fact> facts(Caller caller, String profile) {
        decideRead(caller, profile);
        return List.copyOf(facts.values());
    }

    @Override
    public Optional<Fact> fact(Caller caller, String profile, String name) {
        decideRead(caller, profile);
        return Optional.ofNullable(facts.get(name));
    }

    @Override
    public Fact setFact(Caller caller, String profile, String name, JsonNode value) {
        decideWrite(caller, profile, "setFact");
        Fact fact = new Fact(name, value, NOW, caller.id());
        facts.put(name, fact);
        return fact;
    }

    @Override
    public void removeFact(Caller caller, String profile, String name) {
        decideWrite(caller, profile, "removeFact");
        if (facts.remove(name) == null) {
            throw HelixException.notFound("fact '" + name + "' is not set");
        }
    }

    @Override
    public NewApiKey createApiKey(
            Caller caller,
            String profile,
            String name,
            Set<String> roles,
            Set<String> scopes,
            @Nullable Instant expires) {
        decideWrite(caller, profile, "createApiKey");
        String id = "key" + (keys.size() + 1);
        ApiKey key = new ApiKey(id, name, profile, roles, scopes, "digest-of-" + id, NOW, expires);
        keys.add(key);
        String presentable = "hlx_" + id + "_secret";
        callers.put(presentable, new Caller("ApiKey", id, profile, roles, scopes, "127.0.0.1"));
        return new NewApiKey(key, presentable);
    }

    @Override
    public List<ApiKey> apiKeys(Caller caller, String profile) {
        decideRead(caller, profile);
        return List.copyOf(keys);
    }

    @Override
    public void deleteApiKey(Caller caller, String profile, String id) {
        decideWrite(caller, profile, "deleteApiKey");
        if (!keys.removeIf(key -> key.id().equals(id))) {
            throw HelixException.notFound("there is no API key '" + id + "'");
        }
    }

    @Override
    public List<StoredMessage> deadLetters(Caller caller, String profile, @Nullable Long before, int limit) {
        decideRead(caller, profile);
        return deadLetters.stream()
                .filter(message -> before == null || message.sequence() < before)
                .limit(limit)
                .toList();
    }

    @Override
    public CompletionStage<Void> resend(Caller caller, String profile, long sequence, @Nullable JsonNode body) {
        decideWrite(caller, profile, "resendDeadLetter");
        removeDeadLetter(sequence);
        resent.add(new Resent(sequence, body));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void deleteDeadLetter(Caller caller, String profile, long sequence) {
        decideWrite(caller, profile, "deleteDeadLetter");
        removeDeadLetter(sequence);
    }

    private void removeDeadLetter(long sequence) {
        if (!deadLetters.removeIf(message -> message.sequence() == sequence)) {
            throw HelixException.notFound("there is no dead letter " + sequence);
        }
    }

    @Override
    public Status status(Caller caller) {
        fail();
        return new Status("0.1.0", NOW, health, 1, count(Kind.RULE), count(Kind.RECIPE), agents.size(), types.size());
    }

    private int count(Kind kind) {
        return (int) documents.values().stream()
                .filter(revisions -> revisions.get(0).key().kind() == kind)
                .count();
    }

    @Override
    public AutoCloseable watch(Caller caller, String profile, Consumer<LiveItem> watcher) {
        decideRead(caller, profile);
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    // --- decisions and storage

    private void decideRead(Caller caller, String profile) {
        fail();
        boolean outside = !caller.profile().equals("*") && !caller.profile().equals(profile);
        if (outside) {
            throw HelixException.forbidden(
                    caller + " may not read profile '" + profile + "': forbidden by system.isolation");
        }
        if (newest(new DocumentKey(profile, Kind.PROFILE, profile)).isEmpty()) {
            throw HelixException.notFound("there is no profile '" + profile + "'");
        }
    }

    private void decideWrite(Caller caller, String profile, String action) {
        decideRead(caller, profile);
        if (caller.roles().contains("viewer")) {
            throw HelixException.forbidden(caller + " may not " + action + ": forbidden by system.viewers");
        }
    }

    private void fail() {
        RuntimeException scripted = failure;
        if (scripted != null) {
            throw scripted;
        }
    }

    private synchronized Document store(DocumentKey key, ObjectNode content, String author) {
        List<Document> revisions = documents.computeIfAbsent(path(key), any -> new ArrayList<>());
        Document document = new Document(key, revisions.size() + 1L, content, author, NOW);
        revisions.add(document);
        return document;
    }

    private Optional<Document> newest(DocumentKey key) {
        List<Document> revisions = documents.getOrDefault(path(key), List.of());
        return revisions.isEmpty() ? Optional.empty() : Optional.of(revisions.get(revisions.size() - 1));
    }

    private static String path(DocumentKey key) {
        return key.profile() + "/" + key;
    }

    private static <T> Page<T> page(List<T> all, @Nullable String cursor, int limit) {
        int from = cursor == null ? 0 : Math.min(Integer.parseInt(cursor), all.size());
        int to = Math.min(all.size(), from + limit);
        return new Page<>(all.subList(from, to), to < all.size() ? String.valueOf(to) : null);
    }
}
