package io.helix.runtime.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.ErrorKind;
import io.helix.api.Health;
import io.helix.api.HelixException;
import io.helix.api.Names;
import io.helix.api.Page;
import io.helix.api.agent.AgentDescriptor;
import io.helix.api.agent.EventDraft;
import io.helix.api.agent.PluginSource.Plugin;
import io.helix.api.agent.PluginSource.Trial;
import io.helix.api.agent.WebhookReceiver;
import io.helix.api.control.Caller;
import io.helix.api.control.ControlPlane;
import io.helix.api.control.LiveItem;
import io.helix.api.document.Document;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import io.helix.api.event.Channel;
import io.helix.api.event.DeadLetter;
import io.helix.api.event.Event;
import io.helix.api.event.EventBus;
import io.helix.api.event.EventFormat;
import io.helix.api.event.Message;
import io.helix.api.event.Receipt;
import io.helix.api.event.StoredMessage;
import io.helix.api.expression.Expressions;
import io.helix.api.policy.Authorizer;
import io.helix.api.policy.Decision;
import io.helix.api.policy.EntityRef;
import io.helix.api.recipe.Run;
import io.helix.api.recipe.Trigger;
import io.helix.api.rule.RuleMatcher;
import io.helix.api.situation.SituationEngine;
import io.helix.api.store.ApiKeys.ApiKey;
import io.helix.api.store.Projection.AuditEntry;
import io.helix.api.store.Projection.AuditQuery;
import io.helix.api.store.Projection.EventEntry;
import io.helix.api.store.Projection.EventQuery;
import io.helix.api.store.Projection.RunQuery;
import io.helix.api.store.Store;
import io.helix.api.vault.Vault;
import io.helix.runtime.access.ApiKeyAuthentication;
import io.helix.runtime.access.EventBody;
import io.helix.runtime.access.Gate;
import io.helix.runtime.agent.AgentRegistry;
import io.helix.runtime.agent.AgentServices;
import io.helix.runtime.agent.EgressGuard;
import io.helix.runtime.agent.GuardedHttp;
import io.helix.runtime.agent.SourceSupervisor;
import io.helix.runtime.agent.StateQuotas;
import io.helix.runtime.document.AgentDefinition;
import io.helix.runtime.document.Catalog;
import io.helix.runtime.document.Compiler;
import io.helix.runtime.document.RecipeDefinition;
import io.helix.runtime.fact.Facts;
import io.helix.runtime.journal.Journal;
import io.helix.runtime.journal.LiveFeed;
import io.helix.runtime.journal.Projector;
import io.helix.runtime.match.EventMatching;
import io.helix.runtime.match.Triggering;
import io.helix.runtime.memory.BackTests;
import io.helix.runtime.memory.CostGuard;
import io.helix.runtime.memory.Explainer;
import io.helix.runtime.memory.Memories;
import io.helix.runtime.memory.RuleStatuses;
import io.helix.runtime.memory.RuleTests;
import io.helix.runtime.run.RunExecutor;
import io.helix.runtime.run.RunInputs;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The facade of the edges. Puts the parts together and hands each call to the one that does it. */
@Component(service = ControlPlane.class, configurationPid = "io.helix.runtime")
@Designate(ocd = HelixControlPlane.Config.class)
public final class HelixControlPlane implements ControlPlane {
    /** What an operator may set. */
    @ObjectClassDefinition(name = "Helix runtime")
    public @interface Config {
        @AttributeDefinition(description = "Hosts and address blocks that agents may call although they are not public")
        String[] egress_allow() default {};

        @AttributeDefinition(description = "How long a chain of events that cause events may be, 1 to 1000")
        int depth_max() default Gate.MAX_DEPTH;
    }

    private static final int MAX_PAGE = 500;
    private static final int LONGEST_CHAIN = 1_000;

    private final EventBus bus;
    private final Store store;
    private final Vault vault;
    private final AgentRegistry registry;
    private final HealthRegistry healthRegistry;
    private final InstantSource clock;
    private final String version;
    private final Instant started;
    private final Catalog catalog = new Catalog();
    private final LiveFeed live;
    private final Gate gate;
    private final ApiKeyAuthentication keys;
    private final GuardedHttp http;
    private final SourceSupervisor sources;
    private final Triggering triggering;
    private final Facts facts;
    private final Memories memories;
    private final RunExecutor runs;
    private final ProfileServices profiles;
    private final DocumentControl documents;
    private final RuleControl rules;
    private final PluginControl plugins;
    private final Boot boot;

    @Activate
    public HelixControlPlane(
            BundleContext context,
            Config config,
            @Reference EventBus bus,
            @Reference Store store,
            @Reference Authorizer authorizer,
            @Reference RuleMatcher matcher,
            @Reference SituationEngine situations,
            @Reference Expressions expressions,
            @Reference Vault vault,
            @Reference AgentRegistry registry,
            @Reference HealthRegistry health) {
        this(
                bus,
                store,
                authorizer,
                matcher,
                situations,
                expressions,
                vault,
                registry,
                health,
                Arrays.stream(config.egress_allow())
                        .flatMap(entry -> Arrays.stream(entry.split(",")))
                        .toList(),
                Math.clamp(config.depth_max(), 1, LONGEST_CHAIN),
                Optional.ofNullable(context.getProperty("helix.home")).map(Path::of),
                context.getBundle().getVersion().toString(),
                InstantSource.system());
        boot.start();
    }

    /** @param home where the first API key is left; empty: nowhere */
    HelixControlPlane(
            EventBus bus,
            Store store,
            Authorizer authorizer,
            RuleMatcher matcher,
            SituationEngine situations,
            Expressions expressions,
            Vault vault,
            AgentRegistry registry,
            HealthRegistry healthRegistry,
            List<String> egressAllow,
            int maxDepth,
            Optional<Path> home,
            String version,
            InstantSource clock) {
        this.bus = bus;
        this.store = store;
        this.vault = vault;
        this.registry = registry;
        this.healthRegistry = healthRegistry;
        this.clock = clock;
        this.version = version;
        this.started = clock.instant();
        this.live = new LiveFeed(clock);
        Journal journal = new Journal(bus, live);
        this.gate = new Gate(authorizer, journal, clock, maxDepth);
        this.keys = new ApiKeyAuthentication(store.apiKeys(), clock);
        this.http = new GuardedHttp(new EgressGuard(egressAllow));
        this.facts = new Facts(store.agentStates(), clock);
        AgentServices services = new AgentServices(
                gate, vault, store.agentStates(), new StateQuotas(store.agentStates(), clock), facts, http, clock);
        Compiler compiler = new Compiler(expressions, authorizer, registry, catalog);
        this.sources = new SourceSupervisor(catalog, registry, services, this::publishFromSource);
        this.triggering = new Triggering(bus, gate, live, clock);
        this.memories = new Memories(
                bus,
                situations,
                matcher,
                catalog,
                store.agentStates(),
                facts,
                triggering,
                clock,
                home,
                new CostGuard());
        EventMatching matching = new EventMatching(bus, matcher, catalog, facts, triggering, live, memories, clock);
        this.runs = new RunExecutor(bus, store.projection(), catalog, compiler, registry, services, journal);
        this.profiles =
                new ProfileServices(bus, facts, matching, memories, runs, new Projector(bus, store.projection()));
        this.documents = new DocumentControl(
                store.documents(),
                catalog,
                compiler,
                gate,
                authorizer,
                matcher,
                new RuleTests(memories, matcher),
                memories,
                facts,
                sources,
                profiles,
                clock);
        this.rules = new RuleControl(
                catalog,
                compiler,
                store.documents(),
                memories,
                new RuleStatuses(catalog, memories),
                new RuleTests(memories, matcher),
                new BackTests(bus, memories, clock),
                new Explainer(catalog, matcher, memories, bus, gate, store.projection(), clock),
                clock);
        this.plugins = new PluginControl(registry, catalog, compiler, gate, home);
        this.boot = new Boot(store, documents, keys, home, clock);
        registry.onChange(sources::reconcile);
        healthRegistry.add(boot);
        healthRegistry.add(memories);
    }

    /** Loads everything on a thread of its own; see {@link #health()}. */
    void start() {
        boot.start();
    }

    @Deactivate
    public void close() {
        healthRegistry.remove(boot);
        healthRegistry.remove(memories);
        boot.close();
        sources.close();
        runs.stopping();
        profiles.close();
        memories.close();
        runs.close();
        http.close();
    }

    // --- health and callers

    @Override
    public List<Health> health() {
        return healthRegistry.health();
    }

    @Override
    public Optional<Caller> authenticate(String apiKey, String remoteAddress) {
        return keys.authenticate(apiKey, remoteAddress);
    }

    @Override
    public Caller localOperator(String name) {
        return new Caller("User", name, "*", Set.of("admin"), Set.of("read", "write", "admin"), "local");
    }

    // --- documents

    @Override
    public List<Applied> apply(Caller caller, String profile, String text, ApplyOptions options) {
        boot.requireReady();
        return documents.apply(caller, profile, text, options);
    }

    @Override
    public Applied put(Caller caller, DocumentKey key, ObjectNode content, @Nullable Long expected, boolean force) {
        boot.requireReady();
        return documents.put(caller, key, content, expected, force);
    }

    @Override
    public void delete(Caller caller, DocumentKey key, @Nullable Long expected) {
        boot.requireReady();
        documents.delete(caller, key, expected);
    }

    @Override
    public Optional<Document> find(Caller caller, DocumentKey key) {
        view(caller, key.profile(), key.kind().word(), key.name());
        return store.documents().find(key);
    }

    @Override
    public Page<Document> list(Caller caller, String profile, Kind kind, @Nullable String cursor, int limit) {
        if (kind == Kind.PROFILE) {
            return profileList(caller, cursor, limit);
        }
        listing(caller, profile);
        int size = pageSize(limit);
        List<Document> found = store.documents().list(profile, kind, cursor, size + 1);
        return found.size() <= size
                ? new Page<>(found, null)
                : new Page<>(found.subList(0, size), found.get(size - 1).key().name());
    }

    /** Every caller sees the profiles that it may see. */
    private Page<Document> profileList(Caller caller, @Nullable String cursor, int limit) {
        boot.requireReady();
        List<Document> visible = store.documents().all(Kind.PROFILE).stream()
                .filter(document -> caller.profile().equals("*")
                        || caller.profile().equals(document.key().name()))
                .filter(document -> cursor == null || document.key().name().compareTo(cursor) > 0)
                .toList();
        int size = pageSize(limit);
        return visible.size() <= size
                ? new Page<>(visible, null)
                : new Page<>(
                        visible.subList(0, size), visible.get(size - 1).key().name());
    }

    @Override
    public List<Document> history(Caller caller, DocumentKey key, int limit) {
        view(caller, key.profile(), key.kind().word(), key.name());
        return store.documents().history(key, pageSize(limit));
    }

    // --- events

    @Override
    public boolean accepting() {
        return boot.ready() && bus.accepting();
    }

    @Override
    public CompletionStage<Published> publish(Caller caller, String profile, Event event) {
        requireProfile(profile);
        byte[] body = EventBody.of(event);
        Gate.Principal principal = Gate.person(caller, profile);
        requirePublish(principal, profile, event, body.length);
        return publish(profile, event, body)
                .thenApply(receipt -> new Published(event.id(), receipt.sequence(), receipt.duplicate()));
    }

    private CompletionStage<Void> publishFromSource(AgentDefinition agent, EventDraft draft) {
        try {
            Event event = new Event(
                    draft.id() == null ? UUID.randomUUID().toString() : draft.id(),
                    "/agents/" + agent.profile() + "/" + agent.name(),
                    draft.type(),
                    draft.subject(),
                    draft.time() == null ? clock.instant() : draft.time(),
                    draft.extensions(),
                    draft.data());
            byte[] body = EventBody.of(event);
            Gate.Principal principal = Gate.agent(agent.profile(), agent.name());
            requirePublish(principal, agent.profile(), event, body.length);
            return publish(agent.profile(), event, body).thenApply(receipt -> null);
        } catch (HelixException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void requirePublish(Gate.Principal principal, String profile, Event event, int bytes) {
        Decision decision = gate.publish(principal, profile, event.type(), event.depth(), bytes);
        gate.requirePublish(decision, principal, profile, event.type(), event.id());
    }

    private CompletionStage<Receipt> publish(String profile, Event event, byte[] body) {
        String key = event.subject() != null ? event.subject() : event.source();
        return bus.publish(new Message(Channel.EVENTS, profile, event.type(), key, event.identity(), Map.of(), body));
    }

    @Override
    public WebhookReceiver.Reply webhook(String profile, String agent, WebhookReceiver.Delivery delivery) {
        requireProfile(profile);
        WebhookReceiver receiver = sources.requireReceiver(profile, agent);
        try {
            return receiver.receive(delivery);
        } catch (HelixException e) {
            throw e;
        } catch (Exception e) { // foreign code
            throw new HelixException(
                    ErrorKind.INTERNAL, "agent '" + agent + "' failed to take the request: " + e.getMessage(), e);
        }
    }

    @Override
    public Page<EventEntry> events(Caller caller, String profile, EventQuery query) {
        listing(caller, profile);
        return store.projection()
                .events(profile, new EventQuery(query.typePrefix(), query.cursor(), pageSize(query.limit())));
    }

    @Override
    public Optional<Event> findEvent(Caller caller, String profile, String eventId) {
        listing(caller, profile);
        return event(profile, eventId);
    }

    private Optional<Event> event(String profile, String eventId) {
        return message(profile, eventId).map(message -> EventFormat.read(message.body(), message.stored()));
    }

    private Optional<StoredMessage> message(String profile, String eventId) {
        return store.projection()
                .findEvent(profile, eventId)
                .flatMap(entry -> bus.find(Channel.EVENTS, profile, entry.sequence()));
    }

    // --- rules and runs

    @Override
    public Explanation explain(Caller caller, String profile, String eventId, String rule) {
        listing(caller, profile);
        StoredMessage message = message(profile, eventId)
                .orElseThrow(() ->
                        HelixException.notFound("event '" + eventId + "' is not kept in profile '" + profile + "'"));
        return rules.explain(profile, message, rule);
    }

    @Override
    public List<RuleStatus> ruleStatus(Caller caller, String profile) {
        listing(caller, profile);
        return rules.status(profile);
    }

    @Override
    public void resumeRule(Caller caller, String profile, String rule) {
        requireProfile(profile);
        gate.require(caller, profile, "update", "Rule", rule);
        rules.resume(profile, rule);
    }

    @Override
    public List<RuleTestReport> testRules(Caller caller, String profile, @Nullable String text, @Nullable String rule) {
        listing(caller, profile);
        return rules.test(profile, text, rule);
    }

    @Override
    public BackTest backTest(
            Caller caller,
            String profile,
            @Nullable String text,
            @Nullable String rule,
            Instant from,
            @Nullable Instant to) {
        listing(caller, profile);
        return rules.backTest(profile, text, rule, from, to);
    }

    @Override
    public CompletionStage<String> run(
            Caller caller, String profile, String recipe, ObjectNode inputs, @Nullable Event event) {
        requireProfile(profile);
        RecipeDefinition definition = catalog.recipe(profile, recipe)
                .orElseThrow(() ->
                        HelixException.notFound("recipe '" + recipe + "' does not exist in profile '" + profile + "'"));
        Event cause = event != null ? event : byHand(caller, recipe, inputs);
        Gate.Principal principal = Gate.person(caller, profile);
        Decision decision = gate.trigger(principal, profile, recipe, cause);
        gate.record(
                profile,
                caller.toString(),
                "triggerRecipe",
                new EntityRef("Recipe", profile + "/" + recipe),
                decision,
                cause.id());
        Gate.refuseUnlessPermitted(decision, caller + " may not trigger recipe '" + recipe + "'");
        RunInputs.complete(definition, inputs);
        String id = UUID.randomUUID().toString().replace("-", "").substring(0, 24);
        Trigger trigger = new Trigger(
                id,
                profile,
                recipe,
                null,
                0,
                cause,
                inputs,
                caller.toString(),
                decision.policies(),
                false,
                false,
                clock.instant());
        return triggering.send(trigger).thenApply(receipt -> id);
    }

    private Event byHand(Caller caller, String recipe, ObjectNode inputs) {
        return new Event(
                UUID.randomUUID().toString(),
                "/people/" + caller.id(),
                "helix.run.requested",
                recipe,
                clock.instant(),
                Map.of(),
                inputs);
    }

    @Override
    public Optional<Run> findRun(Caller caller, String profile, String runId) {
        listing(caller, profile);
        return store.projection().findRun(profile, runId);
    }

    @Override
    public Page<Run> runs(Caller caller, String profile, RunQuery query) {
        listing(caller, profile);
        return store.projection()
                .runs(
                        profile,
                        new RunQuery(
                                query.recipe(),
                                query.rule(),
                                query.eventId(),
                                query.state(),
                                query.cursor(),
                                pageSize(query.limit())));
    }

    // --- agents and plugins

    @Override
    public List<AgentDescriptor> agentTypes(Caller caller, String profile) {
        listing(caller, profile);
        return registry.descriptors();
    }

    @Override
    public List<AgentStatus> agents(Caller caller, String profile) {
        listing(caller, profile);
        return sources.status(profile);
    }

    @Override
    public List<Plugin> plugins(Caller caller) {
        return registry.plugins();
    }

    @Override
    public ObjectNode plugin(Caller caller, String name) {
        return plugins.describe(name);
    }

    @Override
    public Plugin installPlugin(
            Caller caller, String fileName, byte[] content, @Nullable String signature, Before before) {
        boot.requireReady();
        return plugins.install(caller, fileName, content, signature, before);
    }

    @Override
    public void removePlugin(Caller caller, String name) {
        boot.requireReady();
        plugins.remove(caller, name);
    }

    @Override
    public List<JsonNode> tryPlugin(Caller caller, String name, Trial trial) {
        boot.requireReady();
        return plugins.tryOut(caller, name, trial);
    }

    // --- policies and audit

    @Override
    public Page<AuditEntry> audit(Caller caller, String profile, AuditQuery query) {
        listing(caller, profile);
        return store.projection()
                .audit(
                        profile,
                        new AuditQuery(
                                query.permitted(),
                                query.action(),
                                query.eventId(),
                                query.cursor(),
                                pageSize(query.limit())));
    }

    // --- credentials

    @Override
    public Vault.Version putCredential(Caller caller, String profile, String name, byte[] secret) {
        requireProfile(profile);
        Names.require("credential", name);
        boolean exists =
                vault.list(profile).stream().anyMatch(known -> known.name().equals(name));
        gate.require(caller, profile, exists ? "update" : "create", "Credential", name);
        return vault.put(profile, name, secret, caller.toString());
    }

    @Override
    public List<Vault.Version> credentials(Caller caller, String profile) {
        listing(caller, profile);
        return vault.list(profile);
    }

    @Override
    public void deleteCredential(Caller caller, String profile, String name) {
        requireProfile(profile);
        gate.require(caller, profile, "delete", "Credential", name);
        if (!vault.delete(profile, name)) {
            throw HelixException.notFound("credential '" + name + "' does not exist in profile '" + profile + "'");
        }
    }

    // --- facts

    @Override
    public List<Fact> facts(Caller caller, String profile) {
        listing(caller, profile);
        return facts.list(profile);
    }

    @Override
    public Optional<Fact> fact(Caller caller, String profile, String name) {
        view(caller, profile, "Fact", name);
        return facts.find(profile, name);
    }

    @Override
    public Fact setFact(Caller caller, String profile, String name, JsonNode value) {
        requireProfile(profile);
        Names.requireFact(name);
        String action = facts.find(profile, name).isPresent() ? "update" : "create";
        gate.require(caller, profile, action, "Fact", name);
        return facts.set(profile, name, value, caller.toString());
    }

    @Override
    public void removeFact(Caller caller, String profile, String name) {
        requireProfile(profile);
        gate.require(caller, profile, "delete", "Fact", name);
        if (!facts.remove(profile, name, caller.toString())) {
            throw HelixException.notFound("fact '" + name + "' is not set in profile '" + profile + "'");
        }
    }

    // --- API keys

    @Override
    public NewApiKey createApiKey(
            Caller caller,
            String profile,
            String name,
            Set<String> roles,
            Set<String> scopes,
            @Nullable Instant expires) {
        requireProfile(profile);
        Names.require("key", name);
        roles.forEach(role -> Names.require("role", role));
        if (!Set.of("read", "write", "admin").containsAll(scopes)) {
            throw HelixException.invalid("scopes are read, write and admin");
        }
        gate.require(caller, profile, "manageKeys", "Profile", profile);
        ApiKeyAuthentication.Created created = keys.create(profile, name, roles, scopes, expires);
        return new NewApiKey(created.key(), created.presentable());
    }

    @Override
    public List<ApiKey> apiKeys(Caller caller, String profile) {
        requireProfile(profile);
        gate.require(caller, profile, "manageKeys", "Profile", profile);
        return store.apiKeys().all().stream()
                .filter(key -> key.profile().equals(profile))
                .toList();
    }

    @Override
    public void deleteApiKey(Caller caller, String profile, String id) {
        requireProfile(profile);
        gate.require(caller, profile, "manageKeys", "Profile", profile);
        boolean own = store.apiKeys()
                .find(id)
                .map(key -> key.profile().equals(profile))
                .orElse(false);
        if (!own || !store.apiKeys().delete(id)) {
            throw HelixException.notFound("key '" + id + "' does not exist in profile '" + profile + "'");
        }
        keys.forget(id);
    }

    // --- dead letters

    @Override
    public List<StoredMessage> deadLetters(Caller caller, String profile, @Nullable Long before, int limit) {
        listing(caller, profile);
        return bus.newest(Channel.DEAD_LETTERS, profile, before, pageSize(limit));
    }

    @Override
    public CompletionStage<Void> resend(Caller caller, String profile, long sequence, @Nullable JsonNode body) {
        requireProfile(profile);
        gate.require(caller, profile, "update", "Profile", profile);
        StoredMessage letter = deadLetter(profile, sequence);
        Channel channel = Channel.valueOf(letter.headers().getOrDefault(DeadLetter.CHANNEL, Channel.EVENTS.name()));
        String id = letter.headers().getOrDefault(DeadLetter.ORIGINAL_ID, letter.id()) + "#resent-" + sequence;
        Map<String, String> headers = new HashMap<>(letter.headers());
        headers.keySet().removeIf(name -> name.startsWith("Helix-"));
        byte[] bytes = body == null ? letter.body() : EventFormat.bytes(body);
        return bus.publish(new Message(channel, profile, letter.route(), id, id, headers, bytes))
                .thenAccept(receipt -> bus.delete(Channel.DEAD_LETTERS, profile, sequence));
    }

    @Override
    public void deleteDeadLetter(Caller caller, String profile, long sequence) {
        requireProfile(profile);
        gate.require(caller, profile, "update", "Profile", profile);
        deadLetter(profile, sequence);
        bus.delete(Channel.DEAD_LETTERS, profile, sequence);
    }

    private StoredMessage deadLetter(String profile, long sequence) {
        return bus.find(Channel.DEAD_LETTERS, profile, sequence)
                .orElseThrow(() -> HelixException.notFound(
                        "there is no dead letter " + sequence + " in profile '" + profile + "'"));
    }

    // --- status and live view

    @Override
    public Status status(Caller caller) {
        return new Status(
                version,
                started,
                health(),
                catalog.profiles().size(),
                catalog.ruleCount(),
                catalog.recipeCount(),
                catalog.agentCount(),
                registry.descriptors().size());
    }

    @Override
    public AutoCloseable watch(Caller caller, String profile, Consumer<LiveItem> watcher) {
        listing(caller, profile);
        return live.watch(profile, watcher);
    }

    private void listing(Caller caller, String profile) {
        requireProfile(profile);
        gate.require(caller, profile, "list", "Profile", profile);
    }

    private void view(Caller caller, String profile, String kind, String name) {
        requireProfile(profile);
        gate.require(caller, profile, "view", kind, name);
    }

    private void requireProfile(String profile) {
        boot.requireReady();
        documents.requireProfile(profile);
    }

    private static int pageSize(int limit) {
        return Math.max(1, Math.min(limit, MAX_PAGE));
    }
}
