package io.helix.runtime.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.Problem;
import io.helix.api.control.Caller;
import io.helix.api.control.ControlPlane.Applied;
import io.helix.api.control.ControlPlane.Applied.Outcome;
import io.helix.api.control.ControlPlane.ApplyOptions;
import io.helix.api.control.ControlPlane.RuleTestCase;
import io.helix.api.document.Change;
import io.helix.api.document.Document;
import io.helix.api.document.DocumentKey;
import io.helix.api.document.Kind;
import io.helix.api.policy.Authorizer;
import io.helix.api.rule.Pattern;
import io.helix.api.rule.RuleKey;
import io.helix.api.rule.RuleMatcher;
import io.helix.api.store.Documents;
import io.helix.api.store.Projection.AuditEntry;
import io.helix.runtime.access.Gate;
import io.helix.runtime.agent.SourceSupervisor;
import io.helix.runtime.document.Catalog;
import io.helix.runtime.document.Compiler;
import io.helix.runtime.document.DocumentReader;
import io.helix.runtime.document.Draft;
import io.helix.runtime.document.RecipeDefinition;
import io.helix.runtime.document.RuleDefinition;
import io.helix.runtime.fact.Facts;
import io.helix.runtime.memory.Memories;
import io.helix.runtime.memory.RuleTests;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Changes documents: authorize, compile all, compare, store in one transaction, bring to life. One change at a time; what
 * runs sees the old definitions until the new ones are stored.
 */
final class DocumentControl {
    private final Documents documents;
    private final Catalog catalog;
    private final Compiler compiler;
    private final Gate gate;
    private final Authorizer authorizer;
    private final RuleMatcher matcher;
    private final RuleTests tests;
    private final Memories memories;
    private final Facts facts;
    private final SourceSupervisor sources;
    private final ProfileServices profiles;
    private final InstantSource clock;

    DocumentControl(
            Documents documents,
            Catalog catalog,
            Compiler compiler,
            Gate gate,
            Authorizer authorizer,
            RuleMatcher matcher,
            RuleTests tests,
            Memories memories,
            Facts facts,
            SourceSupervisor sources,
            ProfileServices profiles,
            InstantSource clock) {
        this.documents = documents;
        this.catalog = catalog;
        this.compiler = compiler;
        this.gate = gate;
        this.authorizer = authorizer;
        this.matcher = matcher;
        this.tests = tests;
        this.memories = memories;
        this.facts = facts;
        this.sources = sources;
        this.profiles = profiles;
        this.clock = clock;
    }

    /** Brings all stored documents to life. What cannot be compiled any more is reported to {@code broken} and left out. */
    synchronized void loadAll(BiConsumer<DocumentKey, String> broken) {
        List<String> names = documents.all(Kind.PROFILE).stream()
                .map(document -> document.key().name())
                .toList();
        for (String profile : names) {
            profiles.provision(profile);
            catalog.addProfile(profile);
        }
        Map<String, Map<String, String>> policies = new HashMap<>();
        names.forEach(name -> policies.put(name, new LinkedHashMap<>()));
        for (Document document : documents.all(Kind.POLICY)) {
            policies.computeIfAbsent(document.key().profile(), name -> new LinkedHashMap<>())
                    .put(document.key().name(), Compiler.policyText(document.content()));
        }
        policies.forEach(authorizer::replace);
        load(Kind.AGENT, broken, document -> catalog.put(compiler.agent(document.key(), document.content())));
        load(
                Kind.RECIPE,
                broken,
                document -> catalog.put(compiler.recipe(document.key(), document.revision(), document.content())));
        Map<RuleKey, Pattern> patterns = new HashMap<>();
        Map<DocumentKey, Instant> births = documents.births(Kind.RULE);
        load(Kind.RULE, broken, document -> {
            RuleDefinition rule = rule(document, births.getOrDefault(document.key(), document.time()));
            catalog.put(rule);
            if (rule.enabled() && !rule.remembers() && memories.suspension(rule).isEmpty()) {
                patterns.put(rule.key(), rule.only().indexed());
            }
        });
        if (!patterns.isEmpty()) {
            matcher.put(patterns);
        }
        names.forEach(profiles::start);
        sources.reconcile();
    }

    /** A rule that drops what it remembers when it changes begins anew with each revision, any other when it was made. */
    private RuleDefinition rule(Document document, Instant birth) {
        RuleDefinition rule = compiler.rule(document.key(), document.revision(), birth, document.content());
        return rule.onRuleChange() == RuleDefinition.OnRuleChange.DROP ? rule.since(document.time()) : rule;
    }

    private Instant birth(Document document) {
        DocumentKey key = document.key();
        return catalog.birth(new RuleKey(key.profile(), key.name())).orElse(document.time());
    }

    private void load(Kind kind, BiConsumer<DocumentKey, String> broken, java.util.function.Consumer<Document> add) {
        for (Document document : documents.all(kind)) {
            try {
                add.accept(document);
            } catch (HelixException e) {
                broken.accept(document.key(), e.message());
            }
        }
    }

    /** What makes the first profile of a new installation. */
    List<Change> firstProfile(DocumentKey key) {
        Draft draft = new Draft(key, Drafts.profile(key.name(), "Made at the first start"));
        List<Change> changes = new ArrayList<>();
        withDefaults(List.of(draft)).forEach(all -> changes.add(new Change.Put(all.key(), all.content(), null)));
        return changes;
    }

    List<Applied> apply(Caller caller, String profile, String text, ApplyOptions options) {
        List<Draft> drafts = DocumentReader.read(profile, text);
        return applyAndRemember(caller, profile, drafts, Map.of(), options);
    }

    Applied put(Caller caller, DocumentKey key, ObjectNode content, @Nullable Long expected, boolean force) {
        Draft draft = DocumentReader.read(key, content);
        Map<DocumentKey, Long> revisions = expected == null ? Map.of() : Map.of(key, expected);
        return applyAndRemember(caller, key.profile(), List.of(draft), revisions, new ApplyOptions(false, force))
                .getFirst();
    }

    /** A rule that looks at its window again takes a while, in which other documents may change. */
    private List<Applied> applyAndRemember(
            Caller caller, String profile, List<Draft> drafts, Map<DocumentKey, Long> expected, ApplyOptions options) {
        List<Applied> applied = apply(caller, profile, drafts, expected, options);
        if (!options.dryRun()) {
            applied.stream()
                    .map(Applied::key)
                    .filter(key -> key.kind() == Kind.RULE)
                    .map(DocumentKey::profile)
                    .distinct()
                    .forEach(memories::reconcile);
        }
        return applied;
    }

    private synchronized List<Applied> apply(
            Caller caller, String profile, List<Draft> drafts, Map<DocumentKey, Long> expected, ApplyOptions options) {
        boolean createsProfile =
                drafts.stream().anyMatch(draft -> draft.key().equals(new DocumentKey(profile, Kind.PROFILE, profile)));
        if (!createsProfile) {
            requireProfile(profile);
        }
        List<Draft> all = withDefaults(drafts);
        Map<DocumentKey, Document> current = current(all);
        if (createsProfile && !catalog.hasProfile(profile)) {
            preparePolicies(caller, profile);
        }
        Map<DocumentKey, AuditEntry> permitted = new LinkedHashMap<>();
        drafts.forEach(
                draft -> permitted.put(draft.key(), authorize(caller, draft.key(), current.containsKey(draft.key()))));
        Compiler.Compiled compiled = compiler.compile(all);
        runTests(compiled, options.force());
        List<Applied> results = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        for (Draft draft : all) {
            Document before = current.get(draft.key());
            if (before != null && before.content().equals(draft.content()) && !expected.containsKey(draft.key())) {
                results.add(applied(draft.key(), Outcome.UNCHANGED, before.revision(), "", compiled));
                continue;
            }
            changes.add(new Change.Put(draft.key(), draft.content(), expected.get(draft.key())));
            String diff = YamlDiff.of(
                    before == null ? null : before.content(),
                    draft.content(),
                    draft.key().toString());
            results.add(applied(
                    draft.key(),
                    before == null ? Outcome.CREATED : Outcome.UPDATED,
                    before == null ? 1 : before.revision() + 1,
                    diff,
                    compiled));
        }
        if (options.dryRun() || changes.isEmpty()) {
            return List.copyOf(results);
        }
        for (Draft draft : all) {
            if (draft.key().kind() == Kind.PROFILE) {
                profiles.provision(draft.key().name());
            }
        }
        List<Document> stored = documents.apply(changes, caller.toString(), clock.instant());
        stored.forEach(document -> results.replaceAll(result -> result.key().equals(document.key())
                ? new Applied(result.key(), result.outcome(), document.revision(), result.diff(), result.warnings())
                : result));
        activate(stored);
        permitted.entrySet().stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.getKey().profile(),
                        Collectors.mapping(Map.Entry::getValue, Collectors.toList())))
                .forEach(gate::record);
        return List.copyOf(results);
    }

    /** A rule whose own tests fail does not go live, unless somebody insists. */
    private void runTests(Compiler.Compiled compiled, boolean force) {
        List<Problem> failed = new ArrayList<>();
        compiled.rules().forEach((key, rule) -> {
            for (RuleTestCase test : tests.run(rule).cases()) {
                if (!test.passed()) {
                    failed.add(new Problem(key + " test '" + test.name() + "'", test.message()));
                    compiled.warn(key, "test '" + test.name() + "' fails: " + test.message());
                }
            }
        });
        if (!force) {
            DocumentReader.refuse(failed);
        }
    }

    private static Applied applied(
            DocumentKey key, Outcome outcome, long revision, String diff, Compiler.Compiled compiled) {
        return new Applied(key, outcome, revision, diff, compiled.warnings().getOrDefault(key, List.of()));
    }

    /** A new profile comes with the default policies, as documents that its operator can see and change. */
    private List<Draft> withDefaults(List<Draft> drafts) {
        List<Draft> all = new ArrayList<>();
        for (Draft draft : drafts) {
            all.add(draft);
            DocumentKey key = draft.key();
            if (key.kind() == Kind.PROFILE && !catalog.hasProfile(key.name())) {
                authorizer.defaults(key.name()).forEach((id, cedar) -> {
                    DocumentKey policy = new DocumentKey(key.name(), Kind.POLICY, id.replace('.', '-'));
                    if (drafts.stream().noneMatch(other -> other.key().equals(policy))) {
                        all.add(new Draft(policy, Drafts.policy(policy.name(), cedar)));
                    }
                });
            }
        }
        return all;
    }

    private Map<DocumentKey, Document> current(List<Draft> drafts) {
        Map<DocumentKey, Document> current = new HashMap<>();
        drafts.forEach(draft -> documents.find(draft.key()).ifPresent(document -> current.put(draft.key(), document)));
        return current;
    }

    /** A profile that does not exist yet is decided by the policies it will begin with. */
    private void preparePolicies(Caller caller, String profile) {
        if (!caller.profile().equals("*")) {
            throw HelixException.forbidden(caller + " belongs to profile '" + caller.profile()
                    + "' and may not create others: that takes a key for all profiles");
        }
        authorizer.replace(profile, authorizer.defaults(profile));
    }

    private AuditEntry authorize(Caller caller, DocumentKey key, boolean exists) {
        String action = key.kind() == Kind.POLICY ? "editPolicy" : exists ? "update" : "create";
        return gate.check(caller, key.profile(), action, key.kind().word(), key.name());
    }

    private void activate(List<Document> stored) {
        List<RuleDefinition> rules = new ArrayList<>();
        Set<String> policiesOf = new LinkedHashSet<>();
        List<String> started = new ArrayList<>();
        for (Document document : stored) {
            DocumentKey key = document.key();
            switch (key.kind()) {
                case PROFILE -> {
                    if (!catalog.hasProfile(key.name())) {
                        facts.clear(key.name()); // of one that had this name
                    }
                    catalog.addProfile(key.name());
                    policiesOf.add(key.name());
                    started.add(key.name());
                }
                case POLICY -> policiesOf.add(key.profile());
                case AGENT -> catalog.put(compiler.agent(key, document.content()));
                case RECIPE -> catalog.put(compiler.recipe(key, document.revision(), document.content()));
                case RULE -> rules.add(rule(document, birth(document)));
            }
        }
        policiesOf.forEach(this::reloadPolicies);
        if (!rules.isEmpty()) {
            catalog.change(() -> activateRules(rules));
        }
        started.forEach(profiles::start);
        sources.reconcile();
    }

    private void activateRules(List<RuleDefinition> rules) {
        Map<RuleKey, Pattern> patterns = new HashMap<>();
        List<RuleKey> notIndexed = new ArrayList<>();
        for (RuleDefinition rule : rules) {
            catalog.put(rule);
            if (rule.enabled() && !rule.remembers()) {
                patterns.put(rule.key(), rule.only().indexed());
            } else {
                notIndexed.add(rule.key());
            }
        }
        if (!patterns.isEmpty()) {
            matcher.put(patterns);
        }
        if (!notIndexed.isEmpty()) {
            matcher.remove(notIndexed);
        }
    }

    private void reloadPolicies(String profile) {
        Map<String, String> policies = new LinkedHashMap<>();
        String after = null;
        while (true) {
            List<Document> page = documents.list(profile, Kind.POLICY, after, 500);
            page.forEach(document -> policies.put(document.key().name(), Compiler.policyText(document.content())));
            if (page.size() < 500) {
                break;
            }
            after = page.getLast().key().name();
        }
        authorizer.replace(profile, policies);
    }

    void delete(Caller caller, DocumentKey key, @Nullable Long expected) {
        remove(caller, key, expected);
        if (key.kind() == Kind.RULE) {
            memories.reconcile(key.profile());
        }
    }

    private synchronized void remove(Caller caller, DocumentKey key, @Nullable Long expected) {
        requireProfile(key.profile());
        if (key.kind() == Kind.POLICY) {
            gate.require(caller, key.profile(), "editPolicy", "Policy", key.name());
        } else {
            gate.require(caller, key.profile(), "delete", key.kind().word(), key.name());
        }
        usedBy(key).ifPresent(user -> {
            throw HelixException.conflict(key + " is used by " + user + ": change or delete that first");
        });
        documents.apply(List.of(new Change.Delete(key, expected)), caller.toString(), clock.instant());
        Optional<RuleDefinition> rule = catalog.rule(new RuleKey(key.profile(), key.name()));
        catalog.remove(key);
        switch (key.kind()) {
            case RULE -> {
                matcher.remove(List.of(new RuleKey(key.profile(), key.name())));
                rule.ifPresent(memories::forget);
            }
            case POLICY -> reloadPolicies(key.profile());
            case AGENT -> sources.reconcile();
            case PROFILE -> {
                profiles.stop(key.name());
                facts.clear(key.name());
            }
            case RECIPE -> {}
        }
    }

    private Optional<String> usedBy(DocumentKey key) {
        return switch (key.kind()) {
            case RECIPE -> ruleThatTriggers(key);
            case AGENT -> recipeThatUses(key);
            case PROFILE -> documentIn(key.name());
            case RULE, POLICY -> Optional.empty();
        };
    }

    private Optional<String> ruleThatTriggers(DocumentKey recipe) {
        for (RuleDefinition rule : catalog.rules()) {
            if (rule.key().profile().equals(recipe.profile())
                    && rule.then().stream().anyMatch(then -> then.recipe().equals(recipe.name()))) {
                return Optional.of("Rule/" + rule.key().name());
            }
        }
        return Optional.empty();
    }

    private Optional<String> recipeThatUses(DocumentKey agent) {
        for (RecipeDefinition recipe : catalog.recipes()) {
            if (recipe.profile().equals(agent.profile())
                    && recipe.steps().stream().anyMatch(step -> agent.name().equals(step.agent()))) {
                return Optional.of("Recipe/" + recipe.name());
            }
        }
        return Optional.empty();
    }

    private Optional<String> documentIn(String profile) {
        for (Kind kind : List.of(Kind.RULE, Kind.RECIPE, Kind.AGENT)) {
            List<Document> some = documents.list(profile, kind, null, 1);
            if (!some.isEmpty()) {
                return Optional.of(some.getFirst().key().toString());
            }
        }
        return Optional.empty();
    }

    void requireProfile(String profile) {
        if (!catalog.hasProfile(profile)) {
            throw HelixException.notFound("profile '" + profile + "' does not exist");
        }
    }
}
